//! Session of one command with a tenant, real or simulated.

use crate::arguments::TenantArguments;
use crate::credentials::{address, address_and_credential};
use crate::failure::Failure;
use crate::meter::Meter;
use crate::output::Output;
use crate::redaction::redactor;
use crate::simulated::Simulated;
use applier::SecretsOf;
use camino::Utf8Path;
use isc::{Attempts, BaseUrl, Config, RateBudget, Reader, Waits, Writer};
use model::{Credential, Spec};
use owo_colors::OwoColorize;
use std::sync::Arc;

/// A connection to a tenant for the time of one command.
pub(crate) struct Session {
    reader: Reader,
    address: String,
    is_on_this_machine: bool,
    simulated: Option<Simulated>,
    meter: Arc<Meter>,
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
                if let Some(file) = simulated.state() {
                    output.name_simulated(file.as_str());
                }
                (address(&simulated.base_url())?, simulated.credential())
            }
            None => address_and_credential(&spec.tenant)?,
        };
        Self::connect(base_url, credential, simulated, arguments)
    }

    /// Opens the session with this credential.
    ///
    /// # Errors
    /// Authorities that cannot be read, or TLS that cannot be set up.
    pub(crate) fn connect(
        base_url: BaseUrl,
        credential: Credential,
        simulated: Option<Simulated>,
        arguments: &TenantArguments,
    ) -> Result<Self, Failure> {
        let address = base_url.to_string();
        let is_on_this_machine = base_url.is_loopback();
        let mut config = Config::new(base_url, credential);
        config.redactor = redactor().clone();
        // The embedded simulator has no rate limit.
        config.rate = if simulated.is_some() {
            RateBudget::unlimited()
        } else {
            arguments.rate_share
        };
        config.retry.attempts = arguments.retries + 1;
        if let Some(path) = &arguments.ca_file {
            config.authorities = authorities(path)?;
        }
        config.waits = Waits::new(|left| {
            Output::note(&format!(
                "waiting for ISC: {} s left, because it asked for it (Retry-After)",
                left.as_secs()
            ));
        });
        let meter = Arc::new(Meter::default());
        let heard = Arc::clone(&meter);
        config.attempts = Attempts::new(move |attempt| heard.heard(attempt));
        Ok(Self {
            meter,
            reader: Reader::new(config)?,
            address,
            is_on_this_machine,
            simulated,
        })
    }

    /// Whether the tenant is on this machine, and so a simulated one with a clock of its
    /// own.
    pub(crate) fn is_on_this_machine(&self) -> bool {
        self.is_on_this_machine
    }

    /// Counts what this session sends.
    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// The client that reads the tenant.
    pub(crate) fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The client that changes the tenant. Only `apply` and `enroll`
    /// hand it to the applier.
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

    /// What `{tenant}` stands for in store keys.
    pub(crate) fn tenant_in_keys(&self) -> String {
        match &self.simulated {
            None => model::tenant_in_keys(&self.address).unwrap_or_default(),
            Some(simulated) => simulated.in_keys(),
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

    /// Whether the tenant is kept in a file, which other commands change, too.
    pub(crate) fn is_embedded(&self) -> bool {
        self.simulated.is_some()
    }

    /// Ends the session, and saves a simulated tenant that has a file.
    pub(crate) async fn close(self) -> Result<(), Failure> {
        match self.simulated {
            Some(simulated) => simulated.stop().await,
            None => Ok(()),
        }
    }
}

/// The certificates of a file.
///
/// # Errors
/// A file that cannot be read, or that has none.
pub(crate) fn authorities(path: &Utf8Path) -> Result<Vec<u8>, Failure> {
    const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
    let help = || Some("give a file with certificates in PEM form".to_owned());
    let pem = fs_err::read(path).map_err(|error| Failure::File {
        message: format!("cannot read the authorities of {path}"),
        help: help(),
        source: Some(Box::new(error)),
    })?;
    if pem.windows(BEGIN.len()).any(|window| window == BEGIN) {
        Ok(pem)
    } else {
        Err(Failure::File {
            message: format!("{path} has no certificate in PEM form"),
            help: help(),
            source: None,
        })
    }
}
