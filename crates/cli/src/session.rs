//! Session of one command with a tenant, real or simulated.

use crate::arguments::TenantArguments;
use crate::credentials::{address, address_and_credential};
use crate::failure::Failure;
use crate::output::Output;
use crate::redaction::redactor;
use crate::simulated::Simulated;
use applier::SecretsOf;
use isc::{BaseUrl, Config, RateBudget, Reader, Writer};
use model::Spec;
use owo_colors::OwoColorize;

/// A connection to a tenant for the time of one command.
pub(crate) struct Session {
    reader: Reader,
    address: String,
    simulated: Option<Simulated>,
}

impl Session {
    /// Opens the session. No request is sent yet.
    ///
    /// # Errors
    /// A missing address or credential, an unsafe address, or a simulator that
    /// cannot be started.
    pub(crate) async fn open(
        spec: &Spec,
        arguments: &TenantArguments,
        output: &mut Output,
    ) -> Result<Self, Failure> {
        let simulated = match &arguments.simulate {
            Some(state) => {
                let state = (!state.as_str().is_empty()).then(|| state.clone());
                Some(Simulated::start(state).await?)
            }
            None => None,
        };
        let (base_url, credential): (BaseUrl, _) = match &simulated {
            Some(simulated) => {
                output.talk(&simulated.banner().dimmed().to_string());
                (address(&simulated.base_url())?, simulated.credential())
            }
            None => address_and_credential(&spec.tenant)?,
        };
        let address = base_url.to_string();
        let mut config = Config::new(base_url, credential);
        config.redactor = redactor().clone();
        // The embedded simulator has no rate limit.
        config.rate = if simulated.is_some() {
            RateBudget::unlimited()
        } else {
            arguments.rate_share
        };
        Ok(Self {
            reader: Reader::new(config)?,
            address,
            simulated,
        })
    }

    /// The client that reads the tenant.
    pub(crate) fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The client that changes the tenant. Only `apply` uses it.
    pub(crate) fn writer(&self) -> Writer {
        Writer::new(self.reader.clone())
    }

    /// Identifies the tenant: its API address, or the file of a simulated tenant,
    /// whose address changes with each command. None for a simulated tenant that
    /// ends with this command.
    pub(crate) fn identity(&self) -> Option<String> {
        match &self.simulated {
            None => Some(self.address.clone()),
            Some(simulated) => Some(format!("simulated:{}", simulated.state()?)),
        }
    }

    /// What people call the tenant: its API address, or that it is simulated.
    pub(crate) fn tenant_name(&self) -> String {
        match &self.simulated {
            None => self.address.clone(),
            Some(simulated) => match simulated.state() {
                Some(state) => format!("the simulated tenant {state}"),
                None => "a simulated tenant".to_owned(),
            },
        }
    }

    /// The tenant that the secrets of this session are for.
    pub(crate) fn secrets_of(&self) -> SecretsOf {
        match &self.simulated {
            None => SecretsOf::Tenant(self.address.clone()),
            Some(_) => SecretsOf::Simulated,
        }
    }

    /// The simulator, where the tenant is simulated.
    pub(crate) fn simulated(&self) -> Option<&Simulated> {
        self.simulated.as_ref()
    }

    /// Ends the session, and saves a simulated tenant that has a file.
    pub(crate) async fn close(self) -> Result<(), Failure> {
        match self.simulated {
            Some(simulated) => simulated.stop().await,
            None => Ok(()),
        }
    }
}
