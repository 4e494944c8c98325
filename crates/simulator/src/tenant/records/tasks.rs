//! Tasks: work that the tenant does after it has answered.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// How a task ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Completion {
    /// Done.
    Success,
    /// Done in part, or not done for a reason that ISC does not call an error.
    Warning,
    /// Failed.
    Error,
    /// Stopped.
    Terminated,
}

impl Completion {
    /// As the task status operations spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "SUCCESS",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
            Self::Terminated => "TERMINATED",
        }
    }

    /// From any spelling that ISC shows: `ERROR`, `Error`.
    pub(crate) fn from_any_spelling(text: &str) -> Option<Self> {
        [Self::Success, Self::Warning, Self::Error, Self::Terminated]
            .into_iter()
            .find(|completion| completion.as_str().eq_ignore_ascii_case(text))
    }
}

/// How serious a message of a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Severity {
    Info,
    Warn,
    Error,
}

/// A message of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TaskMessage {
    pub(crate) severity: Severity,
    pub(crate) text: String,
}

/// Work of a task, done when it completes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Work {
    /// Makes the accounts of a source what a file says.
    Aggregate {
        source: String,
        csv: String,
        #[serde(default = "yes")]
        optimized: bool,
    },
    /// Reads a source that has no file again: the simulator has nothing behind it, so nothing changes.
    AggregateDirectly,
    RemoveAccounts {
        source: String,
    },
    CreateAccount {
        source: String,
        attributes: Map<String, Value>,
    },
    ReplaceAccount {
        account: String,
        attributes: Map<String, Value>,
    },
    DeleteAccount {
        account: String,
    },
    SetAccountState {
        account: String,
        disabled: Option<bool>,
        locked: Option<bool>,
    },
    ReloadAccount {
        account: String,
    },
    Invite {
        identities: Vec<String>,
    },
    ProcessIdentities {
        identities: Vec<String>,
    },
    DeleteSource {
        source: String,
    },
    DeleteProfiles {
        profiles: Vec<String>,
    },
    DeleteLifecycleState {
        profile: String,
        state: String,
    },
}

/// Imports of older state files are optimized, as all were then.
fn yes() -> bool {
    true
}

/// Result of a task's work.
pub(crate) struct WorkDone {
    pub(crate) completion: Completion,
    pub(crate) messages: Vec<TaskMessage>,
    pub(crate) counts: Map<String, Value>,
}

impl WorkDone {
    pub(crate) fn success() -> Self {
        Self {
            completion: Completion::Success,
            messages: Vec::new(),
            counts: Map::new(),
        }
    }

    pub(crate) fn with(
        completion: Completion,
        severity: Severity,
        text: impl Into<String>,
    ) -> Self {
        let mut done = Self::success();
        done.completion = completion;
        done.messages.push(TaskMessage {
            severity,
            text: text.into(),
        });
        done
    }
}

/// A task, running or done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Task {
    pub(crate) id: String,
    pub(crate) kind: TaskKind,
    pub(crate) launcher: String,
    pub(crate) source: Option<String>,
    /// Kind, id and name of what the task is about.
    pub(crate) target: Option<(String, String, String)>,
    pub(crate) created: Timestamp,
    pub(crate) completed: Option<Timestamp>,
    pub(crate) completion: Option<Completion>,
    /// Until then `completion` is not shown, though `completed` is: a race that real tenants have.
    pub(crate) completion_shown_from: Option<Timestamp>,
    pub(crate) messages: Vec<TaskMessage>,
    pub(crate) attributes: Map<String, Value>,
    pub(crate) work: Option<Work>,
    /// Completion forced by an injected fault, instead of the result of the work.
    pub(crate) forced: Option<Completion>,
    pub(crate) status_race: bool,
}

impl Task {
    pub(crate) fn is_running(&self) -> bool {
        self.completed.is_none()
    }

    /// The completion as a caller sees it at a time.
    pub(crate) fn shown_completion(&self, now: Timestamp) -> Option<Completion> {
        match self.completion_shown_from {
            Some(from) if now < from => None,
            _ => self.completion,
        }
    }
}

/// The kinds of tasks, which ISC calls types in filters and names in answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum TaskKind {
    AccountAggregation,
    AccountChange,
    AccountRemoval,
    IdentityRefresh,
    Invitation,
    Deletion,
}

impl TaskKind {
    /// As the filter on `type` knows it.
    pub(crate) fn filter_type(self) -> &'static str {
        match self {
            Self::AccountAggregation => "CLOUD_ACCOUNT_AGGREGATION",
            Self::AccountChange => "CLOUD_ACCOUNT_CHANGE",
            Self::AccountRemoval => "CLOUD_ACCOUNT_REMOVAL",
            Self::IdentityRefresh => "IDENTITY_REFRESH",
            Self::Invitation => "IDENTITY_INVITATION",
            Self::Deletion => "BACKGROUND_OBJECT_TERMINATOR",
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AccountAggregation => "Cloud Account Aggregation",
            Self::AccountChange => "Cloud Account Change",
            Self::AccountRemoval => "Cloud Account Removal",
            Self::IdentityRefresh => "Identity Refresh",
            Self::Invitation => "Identity Invitation",
            Self::Deletion => "Background Object Terminator",
        }
    }

    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::AccountAggregation => "Aggregates from the specified application.",
            Self::AccountChange => "Changes one account.",
            Self::AccountRemoval => "Removes all accounts of a source.",
            Self::IdentityRefresh => "Refreshes identities.",
            Self::Invitation => "Sends invitations to register.",
            Self::Deletion => "Deletes objects in the background.",
        }
    }
}

/// What a task is about: its source, and the object as kind, id and name.
#[derive(Debug, Clone, Default)]
pub(crate) struct About {
    pub(crate) source: Option<String>,
    pub(crate) target: Option<(String, String, String)>,
}

/// What was injected for the next task.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NextTask {
    pub(crate) outcome: Option<Completion>,
    pub(crate) status_race: bool,
}

/// Counts as a task's attributes: ISC writes them as strings.
pub(crate) fn counts(entries: &[(&str, usize)]) -> Map<String, Value> {
    entries
        .iter()
        .map(|(name, count)| ((*name).to_owned(), json!(count.to_string())))
        .collect()
}
