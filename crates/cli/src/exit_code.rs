//! Exit codes, the same for every command and output format.

use model::{Incomplete, IncompleteReason};
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, or nothing to do.
    Done,
    /// An error.
    Error,
    /// There are changes (`plan --detailed-exitcode`).
    Changes,
    /// Partially applied.
    Partial,
    /// Refused by a guard or a policy.
    Refused,
    /// The saved plan is stale or used.
    Stale,
    /// Not authenticated or not allowed.
    NotAllowed,
    /// An account holder or ISC admin must act (only with `--require-complete`).
    Incomplete,
    /// The tenant was read only in part.
    Unread,
    /// Wrong usage.
    Usage,
    /// Ended at once by Ctrl-C.
    Interrupted,
    /// Ended at once by SIGTERM.
    Terminated,
}

impl Exit {
    /// The number.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Error => 1,
            Self::Changes => 2,
            Self::Partial => 3,
            Self::Refused => 4,
            Self::Stale => 5,
            Self::NotAllowed => 6,
            Self::Incomplete => 7,
            Self::Unread => 8,
            Self::Usage => 64,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// Ends the process, whatever its threads are waiting for. What they have open is not
    /// dropped, so a command gets time to end itself before.
    pub(crate) fn end_process(self) -> ! {
        std::process::exit(i32::from(self.number()))
    }
}

impl Exit {
    /// The exit code of a partial read: a scope or user level is missing, or the tenant
    /// could not be read. With both, what is missing is not all.
    pub(crate) fn of_partial_read<'a>(why: impl IntoIterator<Item = &'a Incomplete>) -> Self {
        let is_forbidden = |why: &Incomplete| match why.reason {
            IncompleteReason::Forbidden => true,
            IncompleteReason::Refused
            | IncompleteReason::RetriesUsedUp
            | IncompleteReason::Intercepted
            | IncompleteReason::ShortPage
            | IncompleteReason::TotalMismatch
            | IncompleteReason::UndecodableRow
            | IncompleteReason::StoreUnreadable
            | IncompleteReason::Ambiguous
            | IncompleteReason::Contradicted => false,
        };
        if why.into_iter().all(is_forbidden) {
            Self::NotAllowed
        } else {
            Self::Unread
        }
    }

    /// The exit code after output was lost. Incomplete output must not look like
    /// success; codes of other failures stay.
    pub(crate) fn with_lost_result(self) -> Self {
        match self {
            Self::Done | Self::Changes => Self::Error,
            Self::Error
            | Self::Partial
            | Self::Refused
            | Self::Stale
            | Self::NotAllowed
            | Self::Incomplete
            | Self::Unread
            | Self::Usage
            | Self::Interrupted
            | Self::Terminated => self,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}
