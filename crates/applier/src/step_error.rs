//! Why a step was not done.

use crate::journal::JournalError;
use crate::stores::StoreError;
use model::{Incomplete, StepResult, StoreKey, TenantError, TenantErrorKind, error_chain};

/// Why a step was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StepError {
    /// The tenant did not do what was asked.
    #[error("{}", .0.chain())]
    Tenant(TenantError),
    /// The live object is not what the plan was made against.
    #[error("{what} has changed since the plan was made")]
    Stale {
        /// The object.
        what: String,
    },
    /// What was written is not what is read back.
    #[error("{what}: {detail}")]
    NotAsWritten {
        /// The object.
        what: String,
        /// What differs.
        detail: String,
    },
    /// Something that the step needs is not there.
    #[error("{what}")]
    Missing {
        /// What.
        what: String,
        /// What to do.
        help: Option<String>,
    },
    /// A task ended badly.
    #[error("the {task} ended with {status}: {messages}")]
    Task {
        /// Which task, such as `import`.
        task: &'static str,
        /// ISC's word.
        status: String,
        /// What the task says.
        messages: String,
    },
    /// Something did not happen in time.
    #[error("{what} within {seconds} s")]
    Timeout {
        /// What did not happen.
        what: String,
        /// How long it was waited for.
        seconds: u64,
        /// What to look at.
        help: String,
    },
    /// An import that would lose something was not sent.
    #[error("the import was not sent: {0}")]
    UnsafeImport(String),
    /// A collection could not be read completely.
    #[error("{what} could not be read completely ({why})")]
    Unread {
        /// The collection.
        what: String,
        /// Why not.
        why: Incomplete,
    },
    /// A secret could not be read or delivered.
    #[error("{doing} {key}")]
    Store {
        /// What was tried, such as `reading the issuer at`.
        doing: &'static str,
        /// Where.
        key: StoreKey,
        /// Why not.
        #[source]
        source: StoreError,
    },
    /// A token was made, its secret did not reach its store, and it could not be
    /// revoked. The journal keeps the intent open, so that the next run replaces
    /// the token.
    #[error("{}", .0.chain())]
    Orphan(Box<StepError>),
    /// Somebody wanted to stop while the tenant had yet to do something.
    #[error("stopped while waiting: {what}")]
    Stopped {
        /// What was waited for.
        what: String,
    },
    /// Somebody wanted to stop before anything was asked of the tenant.
    #[error("stopped before it was begun")]
    NotBegun,
    /// The journal could not be written, so nothing was begun.
    #[error("the journal could not be written, so this was not begun")]
    Journal(#[source] JournalError),
}

/// Whether a call may have taken effect although it failed.
pub(crate) fn may_have_happened(error: &TenantError) -> bool {
    matches!(error.kind, TenantErrorKind::Unknown { .. })
}

impl From<TenantError> for StepError {
    fn from(error: TenantError) -> Self {
        Self::Tenant(error)
    }
}

impl StepError {
    /// The result of a step that ended so.
    pub(crate) fn into_result(self) -> StepResult {
        if matches!(self, Self::NotBegun) {
            return StepResult::NeverTried;
        }
        StepResult::Failed {
            error: self.chain(),
            help: self.help(),
        }
    }

    /// The error and all that lies below it, in one line.
    pub(crate) fn chain(&self) -> String {
        error_chain(self)
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Stale { .. } => {
                Some("look at the new plan: apply plans again before it writes".to_owned())
            }
            Self::Missing { help, .. } => help.clone(),
            Self::Timeout { help, .. } => Some(help.clone()),
            Self::Stopped { .. } => {
                Some("the tenant goes on with it; apply again to go on from there".to_owned())
            }
            Self::Tenant(_)
            | Self::NotAsWritten { .. }
            | Self::Task { .. }
            | Self::UnsafeImport(_)
            | Self::Unread { .. }
            | Self::Store { .. }
            | Self::Orphan(_)
            | Self::NotBegun
            | Self::Journal(_) => None,
        }
    }
}
