//! The tenant that a command talks to: a real one, or a simulated one.

use crate::arguments::TenantArguments;
use crate::environment::variable;
use crate::failure::Failure;
use crate::output::Output;
use crate::simulated::{self, Simulated};
use applier::{Journal, JournalError, Unfinished};
use camino::{Utf8Path, Utf8PathBuf};
use isc::{BaseUrl, Config, RateBudget, Reader, Writer};
use model::{Credential, Spec, TenantSettings};
use owo_colors::OwoColorize;
use secrecy::SecretString;

/// Where journals are kept that nothing else is said about.
const JOURNAL: &str = ".steersman/journal.jsonl";

/// A connection to a tenant for the time of one command.
pub(crate) struct Session {
    reader: Reader,
    address: String,
    simulated: Option<Simulated>,
}

impl Session {
    /// Makes the connection. Nothing is sent yet.
    ///
    /// # Errors
    /// No address or credentials, an address that is not safe, or a simulator
    /// that cannot be started.
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
        let (address, credential) = match &simulated {
            Some(simulated) => {
                output.talk(&simulated.banner().dimmed().to_string());
                (simulated.base_url(), simulated.credential())
            }
            None => address_and_credential(&spec.tenant)?,
        };
        let base_url: BaseUrl = address.parse().map_err(|error: isc::BaseUrlError| {
            Failure::Address {
                message: error.to_string(),
                help: "set SAIL_BASE_URL to the tenant's API address, such as https://TENANT.api.identitynow.com".to_owned(),
            }
        })?;
        let address = base_url.to_string();
        let mut config = Config::new(base_url, credential);
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

    /// Reads the tenant.
    pub(crate) fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Changes the tenant. Only `apply` asks for this.
    pub(crate) fn writer(&self) -> Writer {
        Writer::new(self.reader.clone())
    }

    /// What tells this tenant from others: its API address, or the file that
    /// keeps a simulated one, whose address is another with each command. None
    /// for a simulated tenant that ends with this command.
    pub(crate) fn identity(&self) -> Option<String> {
        match &self.simulated {
            None => Some(self.address.clone()),
            Some(simulated) => Some(format!("simulated:{}", simulated.state()?)),
        }
    }

    /// The simulator, where the tenant is simulated.
    pub(crate) fn simulated(&self) -> Option<&Simulated> {
        self.simulated.as_ref()
    }

    /// The journal of what is begun: the file that is asked for, else one below
    /// `.steersman`; of a simulated tenant beside its state, and none where the
    /// tenant does not outlive the command.
    pub(crate) fn journal(&self, asked_for: Option<&Utf8Path>) -> Result<Journal, Failure> {
        match asked_for
            .map(Utf8Path::to_owned)
            .or_else(|| self.usual_journal())
        {
            Some(path) => Journal::open(&path).map_err(|error| unusable(&path, error)),
            None => Ok(Journal::disabled()),
        }
    }

    /// What earlier runs have left open in the usual journal, for commands that
    /// only look.
    pub(crate) fn unfinished(&self) -> Result<Vec<Unfinished>, Failure> {
        match self.usual_journal() {
            Some(path) => Journal::peek(&path).map_err(|error| unusable(&path, error)),
            None => Ok(Vec::new()),
        }
    }

    fn usual_journal(&self) -> Option<Utf8PathBuf> {
        match &self.simulated {
            None => Some(JOURNAL.into()),
            Some(simulated) => Some(simulated.state()?.with_extension("journal.jsonl")),
        }
    }

    /// Ends the connection; a simulated tenant with a file is saved.
    pub(crate) async fn close(self) -> Result<(), Failure> {
        match self.simulated {
            Some(simulated) => simulated.stop().await,
            None => Ok(()),
        }
    }
}

fn unusable(path: &Utf8Path, error: JournalError) -> Failure {
    Failure::Internal {
        message: format!("the journal {path} cannot be used"),
        source: Box::new(error),
    }
}

/// What the files say, else the variables that SailPoint's own CLI and SDKs read.
fn address_and_credential(settings: &TenantSettings) -> Result<(String, Credential), Failure> {
    let TenantSettings {
        base_url,
        client_id,
        client_secret,
    } = settings;
    let base_url = base_url.clone().or_else(|| variable("SAIL_BASE_URL"));
    let client_id = client_id.clone().or_else(|| variable("SAIL_CLIENT_ID"));
    let client_secret = client_secret
        .clone()
        .or_else(|| variable("SAIL_CLIENT_SECRET").map(SecretString::from));
    match (base_url, client_id, client_secret) {
        (Some(base_url), Some(client_id), Some(client_secret)) => Ok((
            base_url,
            Credential {
                client_id: client_id.into(),
                client_secret,
            },
        )),
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
                    "nothing says which tenant to talk to: {} {} not set",
                    missing.join(", "),
                    if missing.len() == 1 { "is" } else { "are" }
                ),
            })
        }
    }
}

/// The command that a person would run next for an account, where there is one.
pub(crate) fn hint(
    session: &Session,
    spec: &Spec,
    account: &model::AccountReport,
) -> Option<String> {
    let simulated = session.simulated()?;
    simulated::hint(simulated.state(), spec, account)
}
