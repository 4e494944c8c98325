//! Observed task, such as an import.

use crate::TaskId;

/// A task of the tenant, such as an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// Its state.
    pub state: TaskState,
    /// Its messages, errors and warnings first.
    pub messages: Vec<String>,
    /// How many accounts it deleted or was about to delete, where it says so.
    pub deletions: Option<u64>,
}

/// The state of a task.
///
/// ISC writes statuses in several spellings and sets `completed` and
/// `completionStatus` one after the other; a task has ended only when both are
/// there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskState {
    /// Not ended.
    Running,
    /// Ended with success.
    Success,
    /// Ended with a warning; for an import that can mean that nothing was deleted.
    Warning,
    /// Ended with a failure; the text is ISC's status (`ERROR`, `TERMINATED`, `TEMPERROR`).
    Failed(String),
    /// Ended with a status that ISC's description does not list, such as `CANCELLED`.
    /// What became of its work is not known.
    Unknown(String),
}
