//! Finds and opens the journal of started operations.

use crate::failure::Failure;
use crate::session::Session;
use crate::simulated::Simulated;
use applier::{Journal, JournalError, Unfinished};
use camino::{Utf8Path, Utf8PathBuf};

/// The journal of a real tenant where `--journal` is not given.
const JOURNAL: &str = ".steersman/journal.jsonl";

/// Opens the journal for a run that writes: the given file, else the usual one.
///
/// # Errors
/// A journal that cannot be opened.
pub(crate) fn open(session: &Session, given: Option<&Utf8Path>) -> Result<Journal, Failure> {
    match given
        .map(Utf8Path::to_owned)
        .or_else(|| usual(session.simulated()))
    {
        Some(path) => Journal::open(&path).map_err(|error| unusable(&path, error)),
        None => Ok(Journal::disabled()),
    }
}

/// Operations that earlier runs started and did not finish, from the usual
/// journal. For commands that only read.
///
/// # Errors
/// A journal that cannot be read.
pub(crate) fn unfinished(session: &Session) -> Result<Vec<Unfinished>, Failure> {
    match usual(session.simulated()) {
        Some(path) => Journal::peek(&path).map_err(|error| unusable(&path, error)),
        None => Ok(Vec::new()),
    }
}

/// The usual journal: below `.steersman`, or beside the state of a simulated
/// tenant. None where the tenant ends with the command.
fn usual(simulated: Option<&Simulated>) -> Option<Utf8PathBuf> {
    match simulated {
        None => Some(JOURNAL.into()),
        Some(simulated) => Some(simulated.state()?.with_extension("journal.jsonl")),
    }
}

fn unusable(path: &Utf8Path, error: JournalError) -> Failure {
    Failure::Internal {
        message: format!("cannot use the journal {path}"),
        source: Box::new(error),
    }
}
