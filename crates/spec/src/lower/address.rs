//! Checks the form of the tenant's address.
//!
//! The address of the API is not the one in the browser, and an older root such as
//! `/v3` does not belong to it. Both are only seen when the tenant answers
//! something else, so they are said here.

use crate::code::Code;
use crate::decode::Text;
use crate::finding::{Finding, Findings};
use crate::yaml::Origin;

/// Domains of SailPoint below which tenants have their API at `TENANT.api`.
const DOMAINS: [&str; 2] = ["identitynow.com", "identitynow-demo.com"];

/// Paths that older clients have in their base URL.
const ROOTS: [&str; 9] = [
    "v3", "beta", "v2024", "v2025", "v2026", "cc", "oauth", "ui", "v1",
];

/// Reports an address that cannot be that of a tenant's API.
pub(super) fn check(address: &Text, findings: &mut Findings) {
    if !address.is_known() {
        return;
    }
    let Some(wrong) = defect(&address.value) else {
        return;
    };
    let finding = Finding::new(
        Code::TenantAddress,
        format!("`tenant.baseUrl` {}", wrong.problem),
    )
    .at(address.span, "not the address of a tenant's API");
    // What a variable holds may be a secret, and is not quoted.
    let finding = match &wrong.right {
        Some(right) => finding.fix(address.instead(right.as_str())),
        None => finding,
    };
    let right = match wrong.right {
        Some(right) if address.origin == Origin::Written => format!("write `{right}`"),
        _ => "write the address as `https://TENANT.api.identitynow.com`".to_owned(),
    };
    findings.push(finding.help(right));
}

/// What is wrong with an address, and the right one where it can be worked out.
#[derive(Debug, PartialEq, Eq)]
struct Defect {
    problem: &'static str,
    right: Option<String>,
}

fn defect(text: &str) -> Option<Defect> {
    let text = text.trim();
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, text),
    };
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let known = |problem| {
        Some(Defect {
            problem,
            right: None,
        })
    };
    if authority.contains('@') {
        return known("must not contain a user name or password");
    }
    if authority.is_empty() || text.contains(char::is_whitespace) {
        return known("is not an address");
    }
    let host = host(authority);
    let api = api_host(host);
    let is_tenant = api.is_some();
    let path = path.trim_end_matches('/');
    let root = path.split(['/', '?', '#']).find(|part| !part.is_empty());
    let is_root = root.is_some_and(|root| ROOTS.contains(&root));
    let right = || {
        let host = api.clone().unwrap_or_else(|| authority.to_owned());
        let path = if is_tenant || is_root { "" } else { path };
        Some(format!("https://{host}{path}"))
    };
    let problem = match scheme {
        None => "must begin with `https://`",
        Some("https") => match &api {
            Some(api) if api != host => "is the address of the user interface, not that of the API",
            Some(_) if !path.is_empty() => "must not have a path",
            _ if is_root => "must not end with the root of an API version",
            _ => return None,
        },
        Some("http") if is_loopback(host) && !is_root => return None,
        Some("http") if is_loopback(host) => {
            return known("must not end with the root of an API version");
        }
        Some(_) => "must begin with `https://`, because credentials are sent to it",
    };
    Some(Defect {
        problem,
        right: right(),
    })
}

/// The host without its port.
fn host(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// The host of the API, where a host is that of a tenant: `TENANT.identitynow.com`
/// or `TENANT.api.identitynow.com`.
fn api_host(host: &str) -> Option<String> {
    DOMAINS.iter().find_map(|domain| {
        let tenant = host.strip_suffix(domain)?.strip_suffix('.')?;
        let tenant = tenant.strip_suffix(".api").unwrap_or(tenant);
        let is_name = !tenant.is_empty() && !tenant.contains('.') && tenant != "api";
        is_name.then(|| format!("{tenant}.api.{domain}"))
    })
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.starts_with("127.") || host == "[::1]"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenants_16_spec_4_the_right_address_is_named() {
        const ACME: &str = "https://acme.api.identitynow.com";
        for (text, problem, right) in [
            ("acme.api.identitynow.com", "must begin", Some(ACME)),
            ("acme.api.identitynow.com/v3", "must begin", Some(ACME)),
            ("acme.identitynow.com", "must begin", Some(ACME)),
            ("http://acme.api.identitynow.com", "credentials", Some(ACME)),
            ("https://acme.identitynow.com", "user interface", Some(ACME)),
            (
                "https://acme.identitynow.com/ui/a",
                "user interface",
                Some(ACME),
            ),
            ("https://acme.api.identitynow.com/v3", "a path", Some(ACME)),
            ("https://acme.api.identitynow.com/x/", "a path", Some(ACME)),
            (
                "https://gateway.example/v2025",
                "root",
                Some("https://gateway.example"),
            ),
            (
                "https://acme.identitynow-demo.com",
                "user interface",
                Some("https://acme.api.identitynow-demo.com"),
            ),
            ("http://127.0.0.1:80/v3", "root", None),
            ("https://jane:secret@acme.example", "user name", None),
            ("https://", "is not an address", None),
            ("https://a b", "is not an address", None),
            (
                "ftp://acme.example",
                "credentials",
                Some("https://acme.example"),
            ),
        ] {
            let found = defect(text).unwrap();
            assert!(found.problem.contains(problem), "{text}: {found:?}");
            assert_eq!(found.right.as_deref(), right, "{text}");
        }
    }

    #[test]
    fn addresses_of_apis_are_taken() {
        for text in [
            "https://acme.api.identitynow.com",
            " https://acme.api.identitynow.com/\n",
            "https://acme.api.identitynow.com:443",
            "https://gateway.example/isc",
            "http://127.0.0.1:8080",
            "http://[::1]:8080/x",
            "http://localhost",
        ] {
            assert_eq!(defect(text), None, "{text}");
        }
    }
}
