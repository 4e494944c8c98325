//! Embedded simulator, started and stopped for `--simulate`.

use crate::failure::Failure;
use crate::redaction::redactor;
use camino::{Utf8Path, Utf8PathBuf};
use model::{Credential, error_chain};
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
        redactor().learn(&client_secret);
        Credential {
            client_id: client_id.into(),
            client_secret,
        }
    }

    /// The line that says that the tenant is simulated.
    pub(crate) fn banner(&self) -> String {
        match &self.state {
            Some(state) => format!("simulated tenant, kept in {state}; no real tenant is used"),
            None => {
                "simulated tenant that ends with this command; no real tenant is used".to_owned()
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

/// An error of the simulator, with its causes.
pub(crate) fn failure(error: &dyn std::error::Error) -> Failure {
    Failure::Simulator(error_chain(error))
}
