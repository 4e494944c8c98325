//! The report of an apply as a document: form and JSON Schema.

use crate::error::RenderError;
use crate::gate::json_text;
use crate::plan_document::{BlockedDocument, Tool};
use model::{Ending, StepResult, Tally, Traffic};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The version of the format. It changes when a reader would have to.
pub(super) const FORMAT_VERSION: u32 = 1;

/// The report of an apply. Secrets are never part of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApplyReport {
    /// The version of this format, 1.
    pub format_version: u32,
    /// The program that applied the plan.
    pub tool: Tool,
    /// The tenant: its API address, or that it is simulated.
    pub tenant: String,
    /// Who applied the plan: the user or API client of the access token.
    pub user: String,
    /// A digest of the desired state.
    pub spec_digest: String,
    /// A digest of the plan; a second one for the steps that followed from it.
    pub plan_digests: Vec<String>,
    /// When the run began, by this machine's clock, in RFC 3339.
    pub started_at: String,
    /// When the run ended, by this machine's clock, in RFC 3339; null if it did not.
    pub ended_at: Option<String>,
    /// How the run ended; null if it did not.
    pub ending: Option<EndingDocument>,
    /// The exit code of the program; null if the run did not end.
    pub exit_code: Option<u8>,
    /// How many steps ended in each way, and how much of the spec is blocked.
    pub summary: Summary,
    /// The steps in the order in which they ended.
    pub steps: Vec<StepReport>,
    /// Why steps did not complete, each cause once.
    pub causes: Vec<Cause>,
    /// What the plan could not contain, and who can act.
    pub blocked: Vec<BlockedDocument>,
    /// Facts that a person should know, such as orphaned tokens.
    pub notices: Vec<String>,
    /// What was sent to the tenant.
    pub requests: TrafficDocument,
    /// How long the command took.
    pub seconds: f64,
}

/// How many steps ended in each way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Executed and verified.
    pub done: usize,
    /// Sent, and whether they took effect is not known.
    pub sent_not_verified: usize,
    /// Begun, and failed.
    pub failed: usize,
    /// Not tried, because a step that they depend on did not complete.
    pub skipped: usize,
    /// Steps, and declared objects without a step, for which a person must act first.
    pub blocked: usize,
    /// Not tried, because the run was interrupted.
    pub never_tried: usize,
}

/// The result of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepReport {
    /// The object, such as `levels/SA-001`.
    pub address: String,
    /// `create`, `update`, `replace`, `delete` or `run`.
    #[schemars(extend("enum" = ["create", "update", "replace", "delete", "run"]))]
    pub action: String,
    /// How the step ended.
    #[serde(flatten)]
    pub result: ResultDocument,
    /// How long it took.
    pub seconds: f64,
    /// ISC's tracking ids of its writes and of its failed requests; SailPoint's support
    /// asks for them.
    pub tracking_ids: Vec<String>,
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "result", rename_all = "camelCase")]
pub enum ResultDocument {
    /// Executed and verified.
    Done {
        /// What a person may want to know.
        note: Option<String>,
    },
    /// Sent, and whether it took effect is not known.
    SentNotVerified {
        /// Why that is not known.
        error: String,
        /// What to do.
        help: Option<String>,
    },
    /// Begun, and failed.
    Failed {
        /// Why.
        error: String,
        /// What to do.
        help: Option<String>,
    },
    /// Not tried, because a step that it depends on did not complete.
    Skipped {
        /// That step.
        because: String,
    },
    /// Not carried out, because a person must act first.
    Blocked {
        /// What it is blocked on.
        error: String,
        /// What to do.
        help: Option<String>,
    },
    /// Not tried, because the run was interrupted.
    NeverTried,
}

/// Why steps did not complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cause {
    /// The cause.
    pub error: String,
    /// What to do.
    pub help: Option<String>,
    /// How many steps it concerns, without those that were skipped because of them.
    pub steps: usize,
    /// Those steps.
    pub addresses: Vec<String>,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum EndingDocument {
    /// There was no step to apply.
    NothingToDo,
    /// Every step is done, and the tenant was read again and is as declared.
    Verified,
    /// Every step is done, and the tenant still differs from the spec.
    Differs,
    /// The tenant could not be read again after the last step.
    NotVerified,
    /// Some steps are done or may be, others are not.
    Partial,
    /// No step is done.
    Nothing,
    /// The operator interrupted the run.
    Interrupted,
}

/// What was sent to the tenant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrafficDocument {
    /// The requests, sign-ins and retries included.
    pub sent: u64,
    /// Those that were sent again.
    pub retried: u64,
    /// Those that ISC refused because of its rate limit (429).
    pub throttled: u64,
    /// For how long no request was sent because of that.
    pub throttled_seconds: f64,
}

impl ApplyReport {
    /// The document as JSON.
    ///
    /// # Errors
    /// None that is known: keys are texts, and numbers are finite.
    pub fn text(&self) -> Result<String, RenderError> {
        let mut text = json_text(self).map_err(|source| RenderError::Json {
            what: "the report",
            source,
        })?;
        text.push('\n');
        Ok(text)
    }

    /// The JSON Schema of the document.
    pub fn schema() -> schemars::Schema {
        let mut schema = SchemaSettings::draft07()
            .into_generator()
            .into_root_schema_for::<Self>();
        schema.insert("title".to_owned(), "steersman apply report".into());
        schema
    }
}

impl From<&StepResult> for ResultDocument {
    fn from(result: &StepResult) -> Self {
        match result.clone() {
            StepResult::Done { note } => Self::Done { note },
            StepResult::SentNotVerified { error, help } => Self::SentNotVerified { error, help },
            StepResult::Failed { error, help } => Self::Failed { error, help },
            StepResult::Skipped { because } => Self::Skipped {
                because: because.to_string(),
            },
            StepResult::Blocked { error, help } => Self::Blocked { error, help },
            StepResult::NeverTried => Self::NeverTried,
        }
    }
}

impl From<Ending> for EndingDocument {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::NothingToDo => Self::NothingToDo,
            Ending::Verified => Self::Verified,
            Ending::Differs => Self::Differs,
            Ending::NotVerified => Self::NotVerified,
            Ending::Partial => Self::Partial,
            Ending::Nothing => Self::Nothing,
            Ending::Interrupted => Self::Interrupted,
        }
    }
}

impl EndingDocument {
    /// The ending in words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::NothingToDo => "nothing to apply",
            Self::Verified => "applied and verified",
            Self::Differs => "applied, but the tenant still differs from the spec",
            Self::NotVerified => "not verified: the tenant could not be read again",
            Self::Partial => "partially applied",
            Self::Nothing => "nothing was applied",
            Self::Interrupted => "interrupted",
        }
    }
}

impl From<Tally> for Summary {
    fn from(tally: Tally) -> Self {
        let Tally {
            done,
            sent_not_verified,
            failed,
            skipped,
            blocked,
            never_tried,
        } = tally;
        Self {
            done,
            sent_not_verified,
            failed,
            skipped,
            blocked,
            never_tried,
        }
    }
}

impl From<Traffic> for TrafficDocument {
    fn from(traffic: Traffic) -> Self {
        let Traffic {
            requests,
            retried,
            throttled,
            throttled_for,
        } = traffic;
        Self {
            sent: requests,
            retried,
            throttled,
            throttled_seconds: seconds(throttled_for),
        }
    }
}

/// Seconds to a millisecond.
pub(crate) fn seconds(duration: Duration) -> f64 {
    let millis = u32::try_from(duration.as_millis()).unwrap_or(u32::MAX);
    f64::from(millis) / 1000.0
}
