//! A task as it runs.

use crate::TaskId;

/// A task of the tenant, such as an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// Where it stands.
    pub state: TaskState,
    /// What it says about itself: errors and warnings first.
    pub messages: Vec<String>,
}

/// Where a task stands.
///
/// ISC writes statuses in several spellings and sets `completed` and
/// `completionStatus` one after the other; a task has ended only when both are
/// there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskState {
    /// Not ended.
    Running,
    /// Ended well.
    Success,
    /// Ended with a warning; for an import that can mean that nothing was deleted.
    Warning,
    /// Ended badly; the text is ISC's word (`ERROR`, `TERMINATED`, `TEMPERROR`).
    Failed(String),
}
