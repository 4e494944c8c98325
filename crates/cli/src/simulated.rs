//! The embedded simulator, for `--simulate`.

use crate::failure::Failure;
use camino::{Utf8Path, Utf8PathBuf};
use model::{AccountReport, Credential, Spec, Stage, StoreSpec};
use simulator::{Config, Running};

/// A simulated tenant in this process, on loopback.
pub(crate) struct Simulated {
    running: Running,
    state: Option<Utf8PathBuf>,
}

impl Simulated {
    /// Starts it, with the tenant of a state file where one is given.
    pub(crate) async fn start(state: Option<Utf8PathBuf>) -> Result<Self, Failure> {
        let config = Config {
            state: state.clone(),
            ..Config::default()
        };
        let running = simulator::start(config)
            .await
            .map_err(|error| failure(&error))?;
        Ok(Self { running, state })
    }

    pub(crate) fn base_url(&self) -> String {
        self.running.base_url()
    }

    pub(crate) fn state(&self) -> Option<&Utf8Path> {
        self.state.as_deref()
    }

    /// The credential of the seeded administrator.
    pub(crate) fn credential(&self) -> Credential {
        let simulator::Credentials {
            client_id,
            client_secret,
        } = self.running.admin_credentials();
        Credential {
            client_id: client_id.into(),
            client_secret,
        }
    }

    /// What a person is told, so that nobody takes it for a tenant.
    pub(crate) fn banner(&self) -> String {
        match &self.state {
            Some(state) => format!("a simulated tenant, kept in {state}; nothing here is real"),
            None => {
                "a simulated tenant that ends with this command; nothing here is real".to_owned()
            }
        }
    }

    pub(crate) async fn stop(self) -> Result<(), Failure> {
        self.running
            .shutdown()
            .await
            .map_err(|error| failure(&error))
    }
}

/// Any error of the simulator, with all that lies below it.
pub(crate) fn failure(error: &dyn std::error::Error) -> Failure {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(source) = below {
        text.push_str(": ");
        text.push_str(&source.to_string());
        below = source.source();
    }
    Failure::Simulator(text)
}

/// What a person would do next in the simulated tenant: register, or make the
/// account's first token.
pub(crate) fn hint(
    state: Option<&Utf8Path>,
    spec: &Spec,
    account: &AccountReport,
) -> Option<String> {
    let name = quoted(account.name.as_str());
    let kept = state.map_or_else(|| "FILE".to_owned(), |state| quoted(state.as_str()));
    let command = match account.stage? {
        Stage::Identified => format!("steersman simulator person invite {name} --state {kept}"),
        Stage::Invited => format!("steersman simulator person register {name} --state {kept}"),
        Stage::Registered => {
            let place = spec.accounts.get(&account.key)?.issuer.as_ref()?;
            let to = match spec.stores.get(&place.store)? {
                StoreSpec::Directory { path } => quoted(&format!("{path}/{}", place.key)),
                StoreSpec::Age { .. } | StoreSpec::Command { .. } => "FILE".to_owned(),
            };
            format!("steersman simulator person mint {name} --to {to} --state {kept}")
        }
        Stage::Absent | Stage::Imported | Stage::Enrolled | Stage::Ready => return None,
    };
    Some(match state {
        Some(_) => command,
        None => format!("{command}   (after apply with --simulate=FILE, which keeps the tenant)"),
    })
}

/// A word that a shell takes as one.
fn quoted(text: &str) -> String {
    let plain =
        |character: char| character.is_ascii_alphanumeric() || "-_./@:+".contains(character);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn words_are_quoted_for_a_shell() {
        for (text, expected) in [
            ("audit01", "audit01"),
            (".steersman/x.json", ".steersman/x.json"),
            ("a b", "'a b'"),
            ("it's", "'it'\\''s'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }
}
