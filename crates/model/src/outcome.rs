//! Outcome of an apply: the result of each step.

use crate::{Action, Address};
use serde::Serialize;

/// The result of each step of a plan, in the plan's order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// One entry for each step.
    pub steps: Vec<StepOutcome>,
    /// Facts that a person should know, such as orphaned tokens.
    pub notices: Vec<String>,
    /// Whether the run was interrupted by the person at the terminal.
    pub interrupted: bool,
}

impl Outcome {
    /// How many steps have such a result.
    pub fn count(&self, wanted: impl Fn(&StepResult) -> bool) -> usize {
        self.steps
            .iter()
            .filter(|step| wanted(&step.result))
            .count()
    }

    /// Whether every step was done.
    pub fn all_done(&self) -> bool {
        self.steps
            .iter()
            .all(|step| matches!(step.result, StepResult::Done { .. }))
    }
}

/// The result of one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepOutcome {
    /// The step.
    pub address: Address,
    /// What it was to do.
    pub action: Action,
    /// How it ended.
    #[serde(flatten)]
    pub result: StepResult,
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "camelCase")]
pub enum StepResult {
    /// Executed and verified.
    Done {
        /// What a person may want to know, such as where a secret was delivered.
        note: Option<String>,
    },
    /// Begun, and failed.
    Failed {
        /// Why, with all causes.
        error: String,
        /// How to fix it, where that is known.
        help: Option<String>,
    },
    /// Not tried, because a step that it depends on was not done.
    Skipped {
        /// That step.
        because: Address,
    },
    /// Not tried, because the run was interrupted before its turn.
    NeverTried,
}
