//! Marks saved plans as used, so that each is applied at most once.
//!
//! Before the first write `FILE.used` is created beside the plan, and its id is
//! recorded in the journal. The mark stops a second use of the same file; the
//! journal one of a copy, as when a workflow fetches the file again. Where
//! neither is at hand, a plan none of whose steps is left is taken for used.

use crate::failure::Failure;
use crate::whole_file::{self, Readers};
use applier::Journal;
use camino::{Utf8Path, Utf8PathBuf};
use std::io::{ErrorKind, Write};

/// Refuses a plan that has been used.
///
/// # Errors
/// A mark beside the file, whatever it says, or an entry in the journal.
pub(crate) fn refuse(path: &Utf8Path, id: &str, journal: &Journal) -> Result<(), Failure> {
    refuse_marked(path)?;
    match journal.plan_used_at(id) {
        None => Ok(()),
        Some(when) => Err(used(format!(
            "the saved plan {path} is already used: according to the journal, it was applied at {when}"
        ))),
    }
}

/// Refuses a plan that has its mark beside it.
///
/// # Errors
/// A mark, whatever it says, or one that cannot be read.
pub(crate) fn refuse_marked(path: &Utf8Path) -> Result<(), Failure> {
    let mark = mark(path);
    match fs_err::symlink_metadata(&mark) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(unmarkable(path, error)),
        Ok(_) => Err(used(format!(
            "the saved plan {path} is already used: {mark} exists"
        ))),
    }
}

/// Uses the plan up. Only when this has returned may it be carried out.
///
/// # Errors
/// A plan that another run has begun to use meanwhile, or a mark or journal
/// that cannot be written.
pub(crate) fn use_up(path: &Utf8Path, id: &str, journal: &Journal) -> Result<(), Failure> {
    let mark = mark(path);
    let text = format!(
        "The plan {id} was applied at {}. A saved plan is used once.\n",
        jiff::Timestamp::now()
    );
    let written = whole_file::new(&mark, Readers::Owner).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    match written {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(used(format!(
                "the saved plan {path} is already used: {mark} exists"
            )));
        }
        Err(error) => return Err(unmarkable(path, error)),
    }
    journal.use_plan(id).map_err(|error| Failure::Internal {
        message: format!("cannot record in the journal that {path} is used"),
        source: Box::new(error),
    })
}

/// Removes the mark of an earlier plan with the same name.
pub(super) fn clear(path: &Utf8Path) -> Result<(), Failure> {
    match fs_err::remove_file(mark(path)) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(unmarkable(path, error)),
    }
}

/// The mark beside a plan.
fn mark(path: &Utf8Path) -> Utf8PathBuf {
    format!("{path}.used").into()
}

fn used(message: String) -> Failure {
    Failure::Stale {
        message,
        items: Vec::new(),
    }
}

fn unmarkable(path: &Utf8Path, error: std::io::Error) -> Failure {
    Failure::File {
        message: format!("cannot record beside {path} whether it is used"),
        help: Some(
            "move the plan to a folder that steersman can write to; it records there that the plan is used".to_owned(),
        ),
        source: Some(Box::new(error)),
    }
}
