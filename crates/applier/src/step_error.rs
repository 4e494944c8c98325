//! Errors of a step, and the result that each leads to.

use crate::journal::JournalError;
use crate::stores::StoreError;
use model::{Address, Incomplete, StepResult, StoreKey, TenantError, TenantErrorKind, error_chain};
use std::collections::BTreeMap;

/// Why a step failed or did not begin.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StepError {
    /// A call to the tenant failed.
    #[error("{}", .0.chain())]
    Tenant(TenantError),
    /// The live object is not what the plan was made against.
    #[error("{what} has changed since the plan was made")]
    Stale {
        /// The object.
        what: String,
    },
    /// The account has another identity than the one that the plan rests on.
    #[error("{what}")]
    Moved {
        /// Which account, and both identities.
        what: String,
    },
    /// Accounts that an import was to change are not as the plan saw them, or have other
    /// identities: why, for each step. Their rows are left as they are.
    #[error("{}", .0.values().cloned().collect::<Vec<_>>().join("; "))]
    RowsChanged(BTreeMap<Address, String>),
    /// The object that was read back differs from what was written.
    #[error("{what}: {detail}")]
    NotAsWritten {
        /// The object.
        what: String,
        /// What differs.
        detail: String,
    },
    /// The write was sent, and whether it took effect could not be read.
    #[error("{}", .0.chain())]
    NotVerified(Box<StepError>),
    /// A precondition of the step does not hold.
    #[error("{what}")]
    Missing {
        /// Which one.
        what: String,
        /// What to do.
        help: Option<String>,
    },
    /// ISC gave the account an identity that is not its own, or that is not known to
    /// be its own.
    #[error("{what}")]
    NotOwn {
        /// Which identity, and what speaks against it.
        what: String,
        /// What to do.
        help: String,
    },
    /// A task of ISC failed.
    #[error("the {task} ended with {status}: {messages}")]
    Task {
        /// Which task, such as `import`.
        task: &'static str,
        /// The status as ISC spells it.
        status: String,
        /// The messages of the task.
        messages: String,
    },
    /// ISC did not invite one of several identities.
    #[error("ISC did not invite {who}: {messages}")]
    NotInvited {
        /// Whom, by the user name.
        who: String,
        /// The messages of the task, for all identities.
        messages: String,
    },
    /// A wait took too long.
    #[error("timed out after {seconds} s: {what}")]
    Timeout {
        /// What the wait was for.
        what: String,
        /// The limit.
        seconds: u64,
        /// What to check.
        help: String,
    },
    /// An import that would lose data was not sent.
    #[error("the import was not sent: {0}")]
    UnsafeImport(String),
    /// A collection could not be read completely.
    #[error("cannot read all of {what} ({why})")]
    Unread {
        /// The collection.
        what: String,
        /// Why not.
        why: Incomplete,
    },
    /// A secret could not be read or delivered.
    #[error("{doing} {key}")]
    Store {
        /// What failed, such as `cannot read the issuer token from`.
        doing: &'static str,
        /// Where.
        key: StoreKey,
        /// Why not.
        #[source]
        source: StoreError,
    },
    /// A secret of another tenant, account or token is where a secret would go.
    #[error("no token was minted, because {key} holds a secret that is not this token's: {why}")]
    Foreign {
        /// Where.
        key: StoreKey,
        /// What differs, with both values.
        why: String,
    },
    /// A token was minted, its secret did not reach its store, and revoking the
    /// token failed. The journal keeps the intent open, so that the next run
    /// replaces the token.
    #[error("{}", .0.chain())]
    Orphan(Box<StepError>),
    /// The journal could not be written, so no threshold was raised.
    #[error("the delete threshold was not raised, because the journal cannot be written")]
    RaiseJournal(#[source] JournalError),
    /// The journal could not be written, so nobody was invited.
    #[error("no invitation was sent, because the journal cannot be written")]
    InviteJournal(#[source] JournalError),
    /// A stop was requested during a wait for ISC.
    #[error("stopped while waiting: {what}")]
    Stopped {
        /// What the wait was for.
        what: String,
    },
    /// A stop was requested, and the step did not end in time.
    #[error("abandoned, because it did not end in time after the stop; it may have taken effect")]
    Abandoned,
    /// A stop was requested before the first write.
    #[error("stopped before it began")]
    NotBegun,
    /// The journal could not be written, so no token was minted.
    #[error("no token was created, because the journal cannot be written")]
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
    /// The result of a step that ended with this error.
    pub(crate) fn into_result(self) -> StepResult {
        let (error, help) = (self.chain(), self.help());
        match self {
            Self::NotBegun => StepResult::NeverTried,
            Self::NotVerified(_) | Self::Abandoned => StepResult::SentNotVerified { error, help },
            Self::Tenant(cause) if may_have_happened(&cause) => {
                StepResult::SentNotVerified { error, help }
            }
            Self::NotOwn { .. } => StepResult::Blocked { error, help },
            Self::Tenant(_)
            | Self::Stale { .. }
            | Self::Moved { .. }
            | Self::RowsChanged(_)
            | Self::NotAsWritten { .. }
            | Self::Missing { .. }
            | Self::Task { .. }
            | Self::NotInvited { .. }
            | Self::Timeout { .. }
            | Self::UnsafeImport(_)
            | Self::Unread { .. }
            | Self::Store { .. }
            | Self::Foreign { .. }
            | Self::Orphan(_)
            | Self::RaiseJournal(_)
            | Self::InviteJournal(_)
            | Self::Stopped { .. }
            | Self::Journal(_) => StepResult::Failed { error, help },
        }
    }

    /// Whether the step failed because the caller may not make a call, with nothing sent
    /// before it that could have taken effect.
    pub(crate) fn is_not_allowed(&self) -> bool {
        matches!(
            self,
            Self::Tenant(TenantError {
                kind: TenantErrorKind::Forbidden { .. },
                ..
            })
        )
    }

    /// The error of a step whose write ISC has accepted: whether it took effect could not
    /// be read. What shows how it ended stays as it is.
    pub(crate) fn after_sending(self) -> Self {
        match self {
            Self::Tenant(_) | Self::Timeout { .. } | Self::Unread { .. } | Self::Stopped { .. } => {
                Self::NotVerified(Box::new(self))
            }
            Self::NotVerified(_)
            | Self::Abandoned
            | Self::Stale { .. }
            | Self::Moved { .. }
            | Self::RowsChanged(_)
            | Self::NotAsWritten { .. }
            | Self::Missing { .. }
            | Self::NotOwn { .. }
            | Self::Task { .. }
            | Self::NotInvited { .. }
            | Self::UnsafeImport(_)
            | Self::Store { .. }
            | Self::Foreign { .. }
            | Self::Orphan(_)
            | Self::RaiseJournal(_)
            | Self::InviteJournal(_)
            | Self::NotBegun
            | Self::Journal(_) => self,
        }
    }

    /// The error and all its causes, in one line.
    pub(crate) fn chain(&self) -> String {
        error_chain(self)
    }

    /// What to do about it; none where the error says it.
    pub(crate) fn help(&self) -> Option<String> {
        match self {
            Self::Stale { .. } | Self::Moved { .. } | Self::RowsChanged(_) => {
                Some("run `steersman apply` again and review the new plan".to_owned())
            }
            Self::Missing { help, .. } => help.clone(),
            Self::Timeout { help, .. } | Self::NotOwn { help, .. } => Some(help.clone()),
            Self::Stopped { .. } => Some(
                "ISC continues with it; run `steersman apply` again to continue from there"
                    .to_owned(),
            ),
            Self::Abandoned => Some(
                "run `steersman apply` again: it looks at what became of the step, and continues"
                    .to_owned(),
            ),
            Self::Foreign { key, .. } => Some(format!(
                "declare another key under `deliver`, or delete the secret at {key} if nothing uses it; steersman does not overwrite it"
            )),
            Self::Tenant(TenantError {
                kind:
                    TenantErrorKind::Forbidden {
                        call: Some(call), ..
                    },
                ..
            }) => Some(format!(
                "`steersman scopes for \"{call}\"` names the scope and the user level that allow it"
            )),
            Self::NotVerified(cause) => Some(cause.help().unwrap_or_else(|| {
                "the tenant is read again after the last step; run `steersman plan` to see what is left"
                    .to_owned()
            })),
            Self::Tenant(_)
            | Self::RaiseJournal(_)
            | Self::InviteJournal(_)
            | Self::NotAsWritten { .. }
            | Self::Task { .. }
            | Self::NotInvited { .. }
            | Self::UnsafeImport(_)
            | Self::Unread { .. }
            | Self::Store { .. }
            | Self::Orphan(_)
            | Self::NotBegun
            | Self::Journal(_) => None,
        }
    }
}
