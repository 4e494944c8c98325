//! Addresses of receivers: secrets, of which only kind and host are ever shown.

use crate::environment::variable;
use crate::failure::Failure;
use crate::redaction::redactor;
use model::{NoticeEvent, NoticeReceiver, ReceiverKind, SigningKey};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeSet;
use url::{Host, Url};

/// The environment variable that lists hosts that may be reached without TLS.
const ALLOW_HOST: &str = "STEERSMAN_ALLOW_HOST";

/// A receiver as given on the command line. It is taken as it is, because an error of the
/// command line would print it.
#[derive(Clone, Debug)]
pub(crate) struct Given(SecretString);

impl From<String> for Given {
    fn from(text: String) -> Self {
        Self(SecretString::from(text))
    }
}

impl Given {
    /// The receiver.
    ///
    /// # Errors
    /// A text that is none.
    pub(super) fn receiver(
        &self,
        variables: &[(String, String)],
    ) -> Result<NoticeReceiver, Failure> {
        let usage = |message: &str| {
            Failure::Usage {
            message: message.to_owned(),
            help: "write `--notify 'slack=${SLACK_WEBHOOK}'`, `teams=` or `webhook=`, and set the variable STEERSMAN_VAR_SLACK_WEBHOOK".to_owned(),
        }
        };
        let text = self.0.expose_secret();
        let (kind, address) = text
            .split_once('=')
            .ok_or_else(|| usage("`--notify` must be KIND=URL"))?;
        let kind = ReceiverKind::ALL
            .into_iter()
            .find(|known| known.word() == kind)
            .ok_or_else(|| usage("`--notify` must begin with webhook=, slack= or teams="))?;
        let name = address
            .trim()
            .strip_prefix("${")
            .and_then(|rest| rest.strip_suffix('}'));
        let (address, name) = match name {
            Some(name) => (value(name, variables), name.to_owned()),
            None => (
                Some(SecretString::from(address.trim().to_owned())),
                String::new(),
            ),
        };
        Ok(NoticeReceiver {
            kind,
            address,
            variable: name,
            key: SigningKey::None,
            on: BTreeSet::from(NoticeEvent::DEFAULT),
            declared_at: "--notify".to_owned(),
        })
    }
}

fn value(name: &str, variables: &[(String, String)]) -> Option<SecretString> {
    let given = variables.iter().rev().find(|(given, _)| given == name);
    let value = match given {
        Some((_, value)) => Some(value.clone()),
        None => variable(&format!("STEERSMAN_VAR_{name}")),
    };
    let value = value.map(|value| value.trim().to_owned());
    value.filter(|value| !value.is_empty()).map(Into::into)
}

/// An address that may be sent to.
pub(super) struct Address {
    pub(super) url: Url,
    /// What may be shown of it.
    pub(super) host: String,
    pub(super) is_loopback: bool,
}

/// Longer than a word of a text that is no secret, in bytes.
const LONG: usize = 16;

/// Checks the address of a receiver and teaches it to the redactor. None where its variable
/// is not set.
///
/// # Errors
/// An address that cannot be sent to safely.
pub(super) fn check(receiver: &NoticeReceiver) -> Result<Option<Address>, Failure> {
    let Some(address) = &receiver.address else {
        return Ok(None);
    };
    redactor().learn(address);
    if let SigningKey::Key(key) = &receiver.key {
        redactor().learn(key);
    }
    let place = &receiver.declared_at;
    let kind = receiver.kind;
    let refused = |why: &str| Failure::NotPermitted {
        message: format!("{place}: the address of the {kind} receiver {why}; nothing was sent"),
        help: format!(
            "give its variable an address that begins with https://; http:// is for this machine, and for hosts that {ALLOW_HOST} lists"
        ),
    };
    let url = Url::parse(address.expose_secret()).map_err(|_| refused("is not a URL"))?;
    let host = url.host().ok_or_else(|| refused("has no host"))?;
    let is_loopback = match &host {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => *name == "localhost",
    };
    let host = host.to_string();
    match url.scheme() {
        "https" => {}
        "http" if is_loopback || is_allowed(&host, &url) => {}
        _ => return Err(refused("does not begin with https://")),
    }
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    if path.len() >= LONG {
        redactor().learn(&SecretString::from(path));
    }
    Ok(Some(Address {
        url,
        host,
        is_loopback,
    }))
}

fn is_allowed(host: &str, url: &Url) -> bool {
    let port = url.port_or_known_default().unwrap_or_default();
    let with_port = format!("{host}:{port}");
    variable(ALLOW_HOST).is_some_and(|hosts| {
        hosts
            .split(',')
            .map(|entry| entry.trim().to_ascii_lowercase())
            .any(|entry| entry == host || entry == with_port)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_https_or_on_this_machine() {
        let check = |address: &str| {
            let given = Given::from(format!("webhook={address}"));
            let receiver = given.receiver(&[]).unwrap();
            super::check(&receiver).map(|address| address.unwrap().host)
        };
        assert_eq!(check("https://hooks.example/a").unwrap(), "hooks.example");
        assert_eq!(check("http://127.0.0.1:80/a").unwrap(), "127.0.0.1");
        for wrong in [
            "http://hooks.example/canary-canary-canary",
            "ftp://hooks.example/canary-canary-canary",
            "canary-canary-canary",
        ] {
            let failure = check(wrong).unwrap_err();
            assert!(!failure.to_string().contains("canary"), "{failure}");
        }
    }

    #[test]
    fn a_variable_is_read_and_no_value_shown() {
        let variables = [("HOOK".to_owned(), "https://hooks.example/canary".to_owned())];
        let given = Given::from("slack=${HOOK}".to_owned());
        assert!(!format!("{given:?}").contains("HOOK"));
        let receiver = given.receiver(&variables).unwrap();
        assert_eq!(receiver.variable, "HOOK");
        assert!(receiver.address.is_some());
        assert!(!format!("{receiver:?}").contains("canary"));
        for wrong in ["canary", "mail=canary", "slack"] {
            let failure = Given::from(wrong.to_owned()).receiver(&[]).unwrap_err();
            assert!(!failure.to_string().contains("canary"), "{failure}");
        }
    }
}
