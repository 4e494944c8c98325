//! What became of a plan.

use crate::{Action, Address};
use serde::Serialize;

/// What became of each step of a plan, in the plan's order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// One entry a step.
    pub steps: Vec<StepOutcome>,
    /// What a person should know besides, such as orphaned tokens.
    pub notices: Vec<String>,
    /// Whether the run was interrupted by the person at the terminal.
    pub interrupted: bool,
}

impl Outcome {
    /// How many steps ended in the given way.
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

/// What became of one step.
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
    /// Carried out, and seen to be so.
    Done {
        /// What a person may want to know, such as where a secret was delivered.
        note: Option<String>,
    },
    /// Tried, and failed.
    Failed {
        /// Why, with all causes.
        error: String,
        /// What to do about it, where it is known.
        help: Option<String>,
    },
    /// Not tried, because a step it waits for did not succeed.
    Skipped {
        /// That step.
        because: Address,
    },
    /// Not tried, because the run was interrupted before its turn.
    NeverTried,
}
