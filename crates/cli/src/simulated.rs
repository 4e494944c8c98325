//! Embedded simulator, started and stopped for `--simulate`.

use crate::failure::Failure;
use crate::redaction::redactor;
use camino::{Utf8Path, Utf8PathBuf};
use model::shell_quoted as quoted;
use model::{Credential, error_chain};
use simulator::{Config, ControlError, Running, SimulatorError, StateFileError, Tenant};
use std::io::Read as _;
use std::time::Duration;

/// How often a state file is tried that another process has: the commands of a pipe begin at
/// once, and each has it for a moment.
const TRIES: u32 = 100;

/// How long is waited before it is tried again. All tries are 5 seconds.
const A_MOMENT: Duration = Duration::from_millis(50);

/// A simulated tenant in this process, on loopback.
pub(crate) struct Simulated {
    running: Running,
    state: Option<Utf8PathBuf>,
    /// Other tenants in the folder of a new one.
    others: Vec<String>,
}

impl Simulated {
    /// Starts it, with the tenant of a state file where one is given.
    pub(crate) async fn start(state: Option<Utf8PathBuf>) -> Result<Self, Failure> {
        let others = state.as_deref().map(beside_new).unwrap_or_default();
        let mut tries = 0;
        let running = loop {
            let config = Config {
                state: state.clone(),
                ..Config::default()
            };
            match simulator::start(config).await {
                Ok(running) => break running,
                Err(SimulatorError::State(error)) => wait(error, &mut tries).await?,
                Err(error) => return Err(failure(&error)),
            }
        };
        Ok(Self {
            running,
            state,
            others,
        })
    }

    pub(crate) fn base_url(&self) -> String {
        self.running.base_url()
    }

    pub(crate) fn state(&self) -> Option<&Utf8Path> {
        self.state.as_deref()
    }

    /// What `{tenant}` stands for in store keys.
    pub(crate) fn in_keys(&self) -> String {
        in_keys(self.state.as_deref())
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
            Some(state) if self.others.is_empty() => {
                format!("simulated tenant, kept in {state}; no real tenant is used")
            }
            Some(state) => format!(
                "new simulated tenant, kept in {state} (kept beside it: {}); no real tenant is used",
                self.others.join(", ")
            ),
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

/// What `{tenant}` stands for in store keys where the tenant is simulated: with the name of
/// its file and a digest of its path, so that secrets of two of them do not replace each
/// other.
pub(crate) fn in_keys(state: Option<&Utf8Path>) -> String {
    let file = state.and_then(|state| Some((state.file_stem()?, real(state))));
    match file {
        Some((name, path)) => model::simulated_file_in_keys(name, path.as_str()),
        None => model::simulated_in_keys(),
    }
}

/// How many other tenants are named beside a new one.
const MOST_OTHERS: usize = 3;

/// How a state file begins.
const BEGIN: &[u8] = br#"{"format_version":"#;

/// Simulated tenants in the folder of one that does not exist yet: its name may be mistyped.
fn beside_new(state: &Utf8Path) -> Vec<String> {
    if state.exists() {
        return Vec::new();
    }
    let folder = match state.parent() {
        Some(folder) if !folder.as_str().is_empty() => folder,
        _ => Utf8Path::new("."),
    };
    let entries = folder.read_dir_utf8().into_iter().flatten().flatten();
    let mut others: Vec<String> = entries
        .filter(|entry| entry.path().extension() == Some("json") && entry.path().is_file())
        .filter(|entry| {
            let mut begin = [0; BEGIN.len()];
            let file = fs_err::File::open(entry.path());
            file.and_then(|mut file| file.read_exact(&mut begin))
                .is_ok()
                && begin == *BEGIN
        })
        .map(|entry| model::visible(entry.file_name()))
        .collect();
    others.sort();
    others.truncate(MOST_OTHERS);
    others
}

/// The path of a file without links, also where the file or folders above do not exist yet.
fn real(state: &Utf8Path) -> Utf8PathBuf {
    let here = Utf8PathBuf::from(".");
    let mut missing: Vec<&str> = Vec::new();
    for above in state.ancestors() {
        let above = if above.as_str().is_empty() {
            &here
        } else {
            above
        };
        if let Ok(real) = above.canonicalize_utf8() {
            missing.reverse();
            return missing.into_iter().fold(real, |path, part| path.join(part));
        }
        missing.extend(above.file_name());
    }
    state.to_owned()
}

/// Changes the tenant in a state file, after a wait while another process has it.
pub(crate) async fn change<T>(
    path: &Utf8Path,
    change: impl Fn(&mut Tenant) -> Result<T, ControlError>,
) -> Result<T, Failure> {
    let mut tries = 0;
    loop {
        match simulator::with_state_file(path, &change) {
            Ok(changed) => return Ok(changed),
            Err(ControlError::State(error)) => wait(error, &mut tries).await?,
            Err(error @ ControlError::TokenExists { .. }) => return Err(taken(&error, path)),
            Err(error) => return Err(failure(&error)),
        }
    }
}

/// A token whose name the account holder has used.
fn taken(error: &ControlError, path: &Utf8Path) -> Failure {
    let ControlError::TokenExists { id, .. } = error else {
        return failure(error);
    };
    Failure::Simulator(format!(
        "{error}; use another name with `--token NAME`, or revoke it first: `steersman simulator token revoke {id} --state {}`",
        quoted(path.as_str())
    ))
}

/// Waits for the process that has a state file.
///
/// # Errors
/// It has it for long, or the file cannot be used for another reason.
async fn wait(error: StateFileError, tries: &mut u32) -> Result<(), Failure> {
    if !matches!(error, StateFileError::InUse { .. }) {
        return Err(failure(&error));
    }
    *tries += 1;
    if *tries < TRIES {
        tokio::time::sleep(A_MOMENT).await;
        return Ok(());
    }
    let seconds = (A_MOMENT * TRIES).as_secs();
    Err(Failure::Simulator(format!(
        "{error}, which did not end within {seconds} seconds; end it, or run this again when it has ended"
    )))
}

/// An error of the simulator, with its causes.
pub(crate) fn failure(error: &dyn std::error::Error) -> Failure {
    Failure::Simulator(error_chain(error))
}
