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
    /// How many of the failed steps failed because the caller may not make a call.
    #[serde(skip)]
    pub refused: usize,
}

impl Outcome {
    /// How many steps have such a result.
    pub fn count(&self, wanted: impl Fn(&StepResult) -> bool) -> usize {
        self.steps
            .iter()
            .filter(|step| wanted(&step.result))
            .count()
    }

    /// How many steps ended in each way.
    pub fn tally(&self) -> Tally {
        Tally::of(self.steps.iter().map(|step| &step.result))
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
    /// Sent, and whether it took effect is not known.
    SentNotVerified {
        /// Why that is not known, with all causes.
        error: String,
        /// How to find out, where that is known.
        help: Option<String>,
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
    /// Not carried out, because a person must act first.
    Blocked {
        /// What it is blocked on.
        error: String,
        /// What to do.
        help: Option<String>,
    },
    /// Not tried, because the run was interrupted before its turn.
    NeverTried,
}

/// How many steps ended in each way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Executed and verified.
    pub done: usize,
    /// Sent, and whether they took effect is not known.
    pub sent_not_verified: usize,
    /// Begun, and failed.
    pub failed: usize,
    /// Not tried, because of another step.
    pub skipped: usize,
    /// Not carried out, because a person must act first.
    pub blocked: usize,
    /// Not tried, because of an interrupt.
    pub never_tried: usize,
}

impl Tally {
    /// Counts these results.
    pub fn of<'a>(results: impl IntoIterator<Item = &'a StepResult>) -> Self {
        let mut tally = Self::default();
        for result in results {
            let count = match result {
                StepResult::Done { .. } => &mut tally.done,
                StepResult::SentNotVerified { .. } => &mut tally.sent_not_verified,
                StepResult::Failed { .. } => &mut tally.failed,
                StepResult::Skipped { .. } => &mut tally.skipped,
                StepResult::Blocked { .. } => &mut tally.blocked,
                StepResult::NeverTried => &mut tally.never_tried,
            };
            *count += 1;
        }
        tally
    }

    /// How many steps changed the tenant, or may have.
    pub fn may_have_changed(&self) -> usize {
        self.done + self.sent_not_verified
    }
}
