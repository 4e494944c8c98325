//! Address and credentials of the tenant, from the files and the environment.
//!
//! A file is a proposal until it is merged, and the credentials are the
//! operator's. So the operator decides where they are sent: the address of a file
//! is an expectation, and is used only where the environment names none and the
//! host is SailPoint's or was allowed.

use crate::environment::variable;
use crate::failure::Failure;
use crate::redaction::redactor;
use isc::BaseUrl;
use model::{Credential, TenantSettings};
use secrecy::{ExposeSecret, SecretString};

/// Domains below which SailPoint serves the APIs of tenants.
const SAILPOINT: [&str; 3] = [
    ".api.identitynow.com",
    ".api.identitynow-demo.com",
    ".api.sailpoint.com",
];

/// The environment variable that lists further hosts.
const ALLOW_HOST: &str = "STEERSMAN_ALLOW_HOST";

/// What the environment says about the tenant.
#[derive(Debug, Default)]
struct Surroundings {
    base_url: Option<String>,
    client_id: Option<String>,
    client_secret: Option<SecretString>,
    allowed_hosts: Vec<String>,
}

impl Surroundings {
    fn read() -> Self {
        let trimmed = |name| {
            variable(name)
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        Self {
            base_url: trimmed("SAIL_BASE_URL"),
            client_id: trimmed("SAIL_CLIENT_ID"),
            client_secret: trimmed("SAIL_CLIENT_SECRET").map(SecretString::from),
            allowed_hosts: variable(ALLOW_HOST).map_or_else(Vec::new, |hosts| {
                hosts
                    .split(',')
                    .map(|host| host.trim().to_ascii_lowercase())
                    .filter(|host| !host.is_empty())
                    .collect()
            }),
        }
    }
}

/// The address of the environment, else of the files; the credentials of the files,
/// else of the environment: of the variables that SailPoint's CLI and SDKs read.
///
/// # Errors
/// A value that neither gives, an invalid one, or an address that the operator did
/// not choose.
pub(crate) fn address_and_credential(
    settings: &TenantSettings,
) -> Result<(BaseUrl, Credential), Failure> {
    decide(settings, Surroundings::read())
}

/// The address of a tenant.
///
/// # Errors
/// A text that is none.
pub(crate) fn address(text: &str) -> Result<BaseUrl, Failure> {
    text.parse()
        .map_err(|error: isc::BaseUrlError| Failure::Address {
            message: error.to_string(),
            help: match &error {
                isc::BaseUrlError::OfPages { api, .. } => format!("set SAIL_BASE_URL to {api}"),
                isc::BaseUrlError::NotAUrl { .. }
                | isc::BaseUrlError::NotSecure { .. }
                | isc::BaseUrlError::HasCredentials
                | isc::BaseUrlError::HasQuery { .. } => {
                    "set SAIL_BASE_URL to the tenant's API address, for example https://TENANT.api.identitynow.com".to_owned()
                }
            },
        })
}

/// The address alone, where the environment or a file gives one.
///
/// # Errors
/// An invalid address, or one that the operator did not choose.
pub(crate) fn address_of(settings: &TenantSettings) -> Result<Option<BaseUrl>, Failure> {
    decide_address(settings, &Surroundings::read())
}

/// What `{tenant}` stands for in store keys, where the environment names the tenant. Else
/// the files do.
pub(crate) fn tenant_in_keys() -> Option<String> {
    model::tenant_in_keys(&Surroundings::read().base_url?)
}

fn decide_address(
    settings: &TenantSettings,
    surroundings: &Surroundings,
) -> Result<Option<BaseUrl>, Failure> {
    let TenantSettings {
        base_url: declared,
        declared_at,
        client_id: _,
        client_secret: _,
    } = settings;
    let place = declared_at.as_deref().unwrap_or("a file");
    let declared = match declared {
        Some(text) => Some(declared_address(text, place)?),
        None => None,
    };
    let own = surroundings.base_url.as_deref().map(address).transpose()?;
    Ok(match (own, declared) {
        (Some(own), Some(declared)) => {
            refuse_other(&own, &declared, place)?;
            Some(own)
        }
        (Some(own), None) => Some(own),
        (None, Some(declared)) => {
            refuse_unknown(&declared, place, &surroundings.allowed_hosts)?;
            Some(declared)
        }
        (None, None) => None,
    })
}

fn decide(
    settings: &TenantSettings,
    surroundings: Surroundings,
) -> Result<(BaseUrl, Credential), Failure> {
    let base_url = decide_address(settings, &surroundings)?;
    let TenantSettings {
        base_url: _,
        declared_at: _,
        client_id,
        client_secret,
    } = settings;
    if let Some(id) = client_id {
        // A file may name any variable here, and errors show the client ID.
        redactor().learn(&SecretString::from(id.clone()));
    }
    let client_id = client_id.clone().or(surroundings.client_id);
    let client_secret = client_secret.clone().or(surroundings.client_secret);
    if let Some(secret) = &client_secret {
        redactor().learn(secret);
    }
    match (base_url, client_id, client_secret) {
        (Some(base_url), Some(client_id), Some(client_secret)) => {
            refuse_line_breaks("client ID", &client_id)?;
            refuse_line_breaks("client secret", client_secret.expose_secret())?;
            let credential = Credential {
                client_id: client_id.into(),
                client_secret,
            };
            Ok((base_url, credential))
        }
        (base_url, client_id, client_secret) => {
            let missing: Vec<&str> = [
                (base_url.is_none(), "SAIL_BASE_URL"),
                (client_id.is_none(), "SAIL_CLIENT_ID"),
                (client_secret.is_none(), "SAIL_CLIENT_SECRET"),
            ]
            .into_iter()
            .filter_map(|(missing, name)| missing.then_some(name))
            .collect();
            Err(Failure::NoCredentials {
                message: format!(
                    "no tenant configured: {} {} not set",
                    missing.join(", "),
                    if missing.len() == 1 { "is" } else { "are" }
                ),
            })
        }
    }
}

/// The address that a file declares. It may come from a variable, so it is not
/// quoted where it is none.
fn declared_address(text: &str, place: &str) -> Result<BaseUrl, Failure> {
    text.parse().map_err(|_| Failure::Address {
        message: format!("{place}: `tenant.baseUrl` is not the address of a tenant's API"),
        help: "write it as https://TENANT.api.identitynow.com".to_owned(),
    })
}

/// Refuses a file that expects another tenant than the operator's.
fn refuse_other(own: &BaseUrl, declared: &BaseUrl, place: &str) -> Result<(), Failure> {
    if own == declared || own.to_string() == declared.to_string() {
        return Ok(());
    }
    Err(Failure::NotPermitted {
        message: format!(
            "{place}: the file is for the tenant {}, and SAIL_BASE_URL is {own}; no request was sent",
            shown(declared)
        ),
        help: "name the file of the tenant of SAIL_BASE_URL; or, if you trust the file, set SAIL_BASE_URL to its address, with credentials of that tenant".to_owned(),
    })
}

/// Refuses to send credentials to a host that only a file names.
fn refuse_unknown(declared: &BaseUrl, place: &str, allowed: &[String]) -> Result<(), Failure> {
    let host = declared.host();
    let with_port = format!("{host}:{}", declared.port());
    // Another port of the host may be anybody's, and ISC serves none.
    let is_sailpoint =
        declared.port() == 443 && SAILPOINT.iter().any(|domain| host.ends_with(domain));
    if is_sailpoint
        || allowed
            .iter()
            .any(|entry| entry == host || *entry == with_port)
    {
        return Ok(());
    }
    Err(Failure::NotPermitted {
        message: format!(
            "{place}: the file names the tenant {}, which is not a host of SailPoint's at port 443; no request was sent",
            shown(declared)
        ),
        help: format!(
            "if you trust this address with your credentials, set SAIL_BASE_URL to it, or {ALLOW_HOST}={}",
            declared.authority()
        ),
    })
}

/// An address of a file without its path, which may be a secret of a variable.
fn shown(address: &BaseUrl) -> String {
    let origin = address.origin();
    if address.to_string() == origin {
        origin
    } else {
        format!("{origin}/…")
    }
}

/// Refuses a value with a line break inside: ISC would answer that the credential
/// may have been revoked.
fn refuse_line_breaks(what: &str, value: &str) -> Result<(), Failure> {
    if value.contains(char::is_control) {
        return Err(Failure::NoCredentials {
            message: format!("the {what} contains a line break or a control character"),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit_code::Exit;

    const ACME: &str = "https://acme.api.identitynow.com";

    fn decided(own: Option<&str>, declared: Option<&str>, allow: &[&str]) -> Result<String, Exit> {
        let settings = TenantSettings {
            base_url: declared.map(str::to_owned),
            declared_at: declared.map(|_| "a.yaml:3:12".to_owned()),
            client_id: None,
            client_secret: None,
        };
        let surroundings = Surroundings {
            base_url: own.map(str::to_owned),
            client_id: Some("id".to_owned()),
            client_secret: Some("secret".to_owned().into()),
            allowed_hosts: allow.iter().map(|&host| host.to_owned()).collect(),
        };
        decide(&settings, surroundings)
            .map(|(address, _)| address.to_string())
            .map_err(|failure| failure.exit())
    }

    #[test]
    fn security_h1c_a_client_id_of_a_file_is_shown_nowhere() {
        let settings = TenantSettings {
            base_url: None,
            declared_at: None,
            client_id: Some("value-of-another-variable".to_owned()),
            client_secret: None,
        };
        let surroundings = Surroundings {
            base_url: Some(ACME.to_owned()),
            client_id: None,
            client_secret: Some("s3cret-s3cret".to_owned().into()),
            allowed_hosts: Vec::new(),
        };
        let (_, credential) = decide(&settings, surroundings).unwrap();
        assert_eq!(credential.client_id.as_str(), "value-of-another-variable");
        let shown = redactor()
            .redact("signed in as client value-of-another-variable")
            .into_owned();
        assert_eq!(shown, "signed in as client [secret]");
    }

    #[test]
    fn security_h1a_the_operator_chooses_the_address() {
        const OTHER: &str = "https://other.api.identitynow.com";
        const LOCAL: &str = "http://127.0.0.1:8080";
        let refused = || Err(Exit::Refused);
        for (own, declared, allow, expected) in [
            (Some(ACME), None, vec![], Ok(ACME)),
            (Some(ACME), Some(ACME), vec![], Ok(ACME)),
            (
                Some(ACME),
                Some("https://ACME.api.identitynow.com:443/"),
                vec![],
                Ok(ACME),
            ),
            (Some(ACME), Some(OTHER), vec![], refused()),
            (Some(ACME), Some(LOCAL), vec!["127.0.0.1"], refused()),
            (Some(LOCAL), Some(LOCAL), vec![], Ok(LOCAL)),
            (None, Some(ACME), vec![], Ok(ACME)),
            (
                None,
                Some("https://acme.api.identitynow.com:8443"),
                vec![],
                refused(),
            ),
            (
                None,
                Some("https://acme.api.identitynow.com:8443"),
                vec!["acme.api.identitynow.com:8443"],
                Ok("https://acme.api.identitynow.com:8443"),
            ),
            (None, Some(LOCAL), vec![], refused()),
            (None, Some(LOCAL), vec!["127.0.0.1"], Ok(LOCAL)),
            (None, Some(LOCAL), vec!["127.0.0.1:8080"], Ok(LOCAL)),
            (None, Some(LOCAL), vec!["127.0.0.1:80"], refused()),
            (
                None,
                Some("https://evil.example"),
                vec!["good.example"],
                refused(),
            ),
            (
                None,
                Some("https://good.example"),
                vec!["good.example"],
                Ok("https://good.example"),
            ),
            (
                None,
                Some("https://x.good.example"),
                vec!["good.example"],
                refused(),
            ),
            (
                None,
                Some("https://acme.api.identitynow.com.evil.example"),
                vec![],
                refused(),
            ),
            (
                None,
                Some("https://evilapi.identitynow.com.example"),
                vec![],
                refused(),
            ),
            (None, None, vec![], Err(Exit::NotAllowed)),
        ] {
            let found = decided(own, declared, &allow);
            assert_eq!(
                found,
                expected.map(str::to_owned),
                "{own:?} {declared:?} {allow:?}"
            );
        }
    }

    #[test]
    fn what_a_refusal_says() {
        let declared: BaseUrl = "https://hooks.example/services/T0/canary".parse().unwrap();
        let error = refuse_unknown(&declared, "a.yaml:3:12", &[]).unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("a.yaml:3:12: ") && text.contains("https://hooks.example/…"));
        assert!(
            !text.contains("canary"),
            "a path may be a secret of a variable"
        );
    }

    #[test]
    fn tenants_13_a_line_break_inside_a_secret_is_said() {
        assert!(refuse_line_breaks("client secret", "a\nb").is_err());
        assert!(refuse_line_breaks("client secret", "ab").is_ok());
    }
}
