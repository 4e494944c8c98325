//! One line of the event stream, `apply --events FILE`: form and JSON Schema.

use super::document::{EndingDocument, ResultDocument, TrafficDocument, seconds};
use crate::error::RenderError;
use crate::gate::json_line;
use crate::plan_document::Tool;
use jiff::Timestamp;
use model::{Address, Attempt, Event};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};

/// One event of an apply, on a line of its own. Secrets are never part of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventLine {
    /// When it was written, by this machine's clock, in RFC 3339.
    pub time: String,
    /// What happened.
    #[serde(flatten)]
    pub event: EventDocument,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    tag = "event",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum EventDocument {
    /// A plan is about to be applied. The steps that follow from an apply come with a
    /// second one.
    RunStarted {
        /// The version of this format, 1.
        format_version: u32,
        /// The program.
        tool: Tool,
        /// The tenant: its API address, or that it is simulated.
        tenant: String,
        /// Who applies the plan: the user or API client of the access token.
        user: String,
        /// A digest of the desired state.
        spec_digest: String,
        /// A digest of the plan.
        plan_digest: String,
        /// How many steps the plan has.
        steps: usize,
        /// How many declared objects are blocked.
        blocked: usize,
    },
    /// Work on these steps has begun: one, or all that are sent together.
    StepsStarted {
        /// The steps.
        addresses: Vec<String>,
    },
    /// Steps wait for the tenant.
    Waiting {
        /// The steps.
        addresses: Vec<String>,
        /// What for.
        on: String,
        /// Since when.
        seconds: f64,
        /// How many of the objects that they wait for are there; null where they cannot be counted.
        done: Option<usize>,
        /// How many objects they wait for; null where they cannot be counted.
        of: Option<usize>,
    },
    /// A request failed, and is sent again after a while.
    RequestRetried(RetryDocument),
    /// ISC refused a request because of its rate limit (429); it is sent again after a while.
    RequestThrottled(RetryDocument),
    /// A step has ended.
    StepEnded {
        /// The step.
        address: String,
        /// `create`, `update`, `replace`, `delete` or `run`.
        action: String,
        /// How it ended.
        #[serde(flatten)]
        result: ResultDocument,
        /// How long it took.
        seconds: f64,
        /// ISC's tracking ids of its writes and of its failed requests.
        tracking_ids: Vec<String>,
    },
    /// A reading after the last step shows another result than the step's end.
    StepRevised {
        /// The step.
        address: String,
        /// How it ended.
        #[serde(flatten)]
        result: ResultDocument,
    },
    /// A fact that a person should know, such as an orphaned token.
    Notice {
        /// The step that it is about.
        address: String,
        /// The fact.
        text: String,
    },
    /// The run has ended. A file without this line is of a run that was killed, or
    /// could not be written to its end.
    RunEnded {
        /// How it ended.
        ending: EndingDocument,
        /// The exit code of the program.
        exit_code: u8,
        /// What was sent to the tenant.
        requests: TrafficDocument,
        /// How long it took.
        seconds: f64,
    },
}

/// A request that is sent again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RetryDocument {
    /// The method and the path.
    pub call: String,
    /// Which attempt failed, from 1.
    pub attempt: u32,
    /// The HTTP status; null where there was no response.
    pub status: Option<u16>,
    /// ISC's tracking id; null where there was none.
    pub tracking_id: Option<String>,
    /// How long the next attempt waits.
    pub wait_seconds: f64,
}

impl EventLine {
    /// The line of an event.
    pub fn of(now: Timestamp, event: &Event) -> Self {
        Self {
            time: now.to_string(),
            event: document(event),
        }
    }

    /// The line as JSON, without a line break.
    ///
    /// # Errors
    /// None that is known: keys are texts, and numbers are finite.
    pub fn text(&self) -> Result<String, RenderError> {
        json_line(self).map_err(|source| RenderError::Json {
            what: "the event",
            source,
        })
    }

    /// The JSON Schema of a line.
    pub fn schema() -> schemars::Schema {
        let mut schema = SchemaSettings::draft07()
            .into_generator()
            .into_root_schema_for::<Self>();
        schema.insert("title".to_owned(), "steersman apply event".into());
        schema
    }
}

fn document(event: &Event) -> EventDocument {
    let texts = |addresses: &[Address]| addresses.iter().map(ToString::to_string).collect();
    match event {
        Event::RunStarted {
            tenant,
            user,
            spec,
            plan,
            steps,
            blocked,
        } => EventDocument::RunStarted {
            format_version: 1,
            tool: Tool::this(),
            tenant: tenant.clone(),
            user: user.clone(),
            spec_digest: spec.as_str().to_owned(),
            plan_digest: plan.as_str().to_owned(),
            steps: *steps,
            blocked: blocked.len(),
        },
        Event::Started { addresses } => EventDocument::StepsStarted {
            addresses: texts(addresses),
        },
        Event::Waiting {
            addresses,
            on,
            elapsed,
            progress,
        } => EventDocument::Waiting {
            addresses: texts(addresses),
            on: on.clone(),
            seconds: seconds(*elapsed),
            done: progress.map(|counted| counted.done),
            of: progress.map(|counted| counted.of),
        },
        Event::Retrying(attempt) => {
            let Attempt {
                call,
                attempt: number,
                reads: _,
                status,
                tracking_id,
                waits,
            } = attempt;
            let retry = RetryDocument {
                call: call.clone(),
                attempt: *number,
                status: *status,
                tracking_id: tracking_id.clone(),
                wait_seconds: seconds(waits.unwrap_or_default()),
            };
            if attempt.is_throttled() {
                EventDocument::RequestThrottled(retry)
            } else {
                EventDocument::RequestRetried(retry)
            }
        }
        Event::Finished {
            address,
            action,
            result,
            elapsed,
            tracking_ids,
        } => EventDocument::StepEnded {
            address: address.to_string(),
            action: action.to_string(),
            result: result.into(),
            seconds: seconds(*elapsed),
            tracking_ids: tracking_ids.clone(),
        },
        Event::Revised { address, result } => EventDocument::StepRevised {
            address: address.to_string(),
            result: result.into(),
        },
        Event::Notice { address, text } => EventDocument::Notice {
            address: address.to_string(),
            text: text.clone(),
        },
        Event::RunEnded {
            ending,
            exit_code,
            traffic,
            elapsed,
        } => EventDocument::RunEnded {
            ending: (*ending).into(),
            exit_code: *exit_code,
            requests: (*traffic).into(),
            seconds: seconds(*elapsed),
        },
    }
}
