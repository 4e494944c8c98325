//! Finds and opens the journal of started operations.

use crate::failure::Failure;
use crate::output::Output;
use crate::session::Session;
use crate::simulated::Simulated;
use applier::{Earlier, Journal, JournalError, LockError, RunLock};
use camino::{Utf8Path, Utf8PathBuf};
use model::visible;

/// The journal of a real tenant where `--journal` is not given.
const JOURNAL: &str = ".steersman/journal.jsonl";

/// Sees that no other run writes the journal and the stores of this folder, for as long
/// as the lock is kept. None where the tenant ends with the command.
///
/// # Errors
/// Another run, or a lock that cannot be made.
pub(crate) fn lock(
    session: &Session,
    given: Option<&Utf8Path>,
) -> Result<Option<RunLock>, Failure> {
    given
        .map(Utf8Path::to_owned)
        .or_else(|| usual(session.simulated()))
        .map(|path| RunLock::of_journal(&path).map_err(|error| not_alone(&error)))
        .transpose()
}

fn not_alone(error: &LockError) -> Failure {
    let elsewhere = "name a journal in a folder that steersman can write with `--journal FILE`";
    let help = match error {
        LockError::Held { holder, .. } => match holder {
            Some(holder) => format!(
                "nothing was changed; wait until that run has ended, then run the command again; if it hangs, `kill {}`{} stops it safely",
                holder.process,
                holder
                    .host
                    .as_ref()
                    .map_or_else(String::new, |host| format!(" on {host}")),
            ),
            None => {
                "nothing was changed; wait until that run has ended, then run the command again"
                    .to_owned()
            }
        },
        LockError::Open { .. } => format!("nothing was changed; {elsewhere}"),
        LockError::NotAFile { .. } | LockError::BelowLink { .. } => {
            return Failure::NotPermitted {
                message: format!("{error}, and steersman does not write through links"),
                help: format!("remove it, or {elsewhere}"),
            };
        }
    };
    Failure::File {
        message: error.to_string(),
        help: Some(help),
        source: std::error::Error::source(error).map(|source| source.to_string().into()),
    }
}

/// Opens the journal for a run that writes: the given file, else the usual one.
///
/// # Errors
/// A journal that cannot be opened.
pub(crate) fn open(
    session: &Session,
    given: Option<&Utf8Path>,
    output: &mut Output,
) -> Result<Journal, Failure> {
    match given
        .map(Utf8Path::to_owned)
        .or_else(|| usual(session.simulated()))
    {
        Some(path) => {
            let journal =
                Journal::open(&path, &tenant(session)).map_err(|error| unusable(&path, error))?;
            show(&journal.notices(), output);
            Ok(journal)
        }
        None => Ok(Journal::disabled()),
    }
}

/// What earlier runs left in the journal that a run that writes would use. For
/// commands that only read.
///
/// # Errors
/// A journal that cannot be read.
pub(crate) fn earlier(
    session: &Session,
    given: Option<&Utf8Path>,
    output: &mut Output,
) -> Result<Earlier, Failure> {
    match given
        .map(Utf8Path::to_owned)
        .or_else(|| usual(session.simulated()))
    {
        Some(path) => {
            let earlier =
                Journal::peek(&path, &tenant(session)).map_err(|error| unusable(&path, error))?;
            show(&earlier.notices, output);
            Ok(earlier)
        }
        None => Ok(Earlier::default()),
    }
}

/// The tenant in the journal's lines.
fn tenant(session: &Session) -> String {
    session.identity().unwrap_or_else(|| "simulated".to_owned())
}

fn show(notices: &[String], output: &mut Output) {
    for notice in notices {
        output.talk(&format!("warning: {}", visible(notice)));
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
    match error {
        JournalError::TooLarge { .. }
        | JournalError::PerhapsTracked { .. }
        | JournalError::BelowLink { .. } => Failure::NotPermitted {
            message: error.to_string(),
            help: "name another journal with `--journal FILE`".to_owned(),
        },
        JournalError::InUse { .. }
        | JournalError::Open { .. }
        | JournalError::NotAFile { .. }
        | JournalError::Tracked { .. }
        | JournalError::Damaged { .. }
        | JournalError::Newer { .. }
        | JournalError::Write(_)
        | JournalError::Encode(_)
        | JournalError::Torn => Failure::Internal {
            message: format!("cannot use the journal {path}"),
            source: Box::new(error),
        },
    }
}
