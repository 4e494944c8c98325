//! Classifies how an apply ended, from its outcome and the plan after it.

use crate::exit_code::Exit;
use model::{Ending, Outcome};

/// How an apply ended, where it was not interrupted and the tenant was read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conclusion {
    /// Every step is done, and the next plan is empty.
    Verified,
    /// Every step is done, and the tenant still differs from the spec.
    Differs,
    /// Some steps are done, others are not.
    Partial,
    /// No step is done, and ISC accepted a change, or may have, of one that failed.
    Begun,
    /// Nothing was changed, because the caller may not make the calls of the failed steps.
    NotAllowed,
    /// Nothing was changed.
    Nothing,
}

impl Conclusion {
    /// Classifies an outcome; `settled` says that the next plan is empty, and `changes` how
    /// many changes ISC accepted or may have accepted. A step can fail after one, such as an
    /// import that did something else than it was to do.
    pub(super) fn of(outcome: &Outcome, settled: bool, changes: u64) -> Self {
        match (outcome.all_done(), settled) {
            (true, true) => Self::Verified,
            (true, false) => Self::Differs,
            (false, _) if outcome.tally().may_have_changed() > 0 => Self::Partial,
            (false, _) if changes > 0 => Self::Begun,
            (false, _) if outcome.refused > 0 && outcome.refused == outcome.tally().failed => {
                Self::NotAllowed
            }
            (false, _) => Self::Nothing,
        }
    }

    /// The last line for the operator. A verified apply needs none.
    pub(super) fn text(self, next: NextRun) -> Option<String> {
        let again = match next {
            NextRun::Again(command) => format!("run `steersman {command}` again"),
            NextRun::SavePlan => "save a new plan to go on, because this one is used".to_owned(),
        };
        Some(match self {
            Self::Verified => return None,
            Self::Differs => {
                format!("applied, but not verified: check these differences, then {again}")
            }
            Self::Partial => format!(
                "partially applied: fix the cause of each failed step, then {again}; completed steps are not repeated"
            ),
            Self::Begun => format!(
                "no step is done, and the tenant may have changed, because ISC accepted a part of a failed step: fix the cause of each failed step, then {again}"
            ),
            Self::NotAllowed => format!(
                "nothing was applied, because the credential may not do it: `steersman doctor` says which scopes and user levels are missing; then {again}"
            ),
            Self::Nothing => {
                format!("nothing was applied: fix the cause of each failed step, then {again}")
            }
        })
    }

    /// The ending for reports.
    pub(super) fn ending(self) -> Ending {
        match self {
            Self::Verified => Ending::Verified,
            Self::Differs => Ending::Differs,
            Self::Partial | Self::Begun => Ending::Partial,
            Self::NotAllowed | Self::Nothing => Ending::Nothing,
        }
    }

    /// The exit code of an apply that is not verified.
    pub(super) fn exit(self) -> Exit {
        match self {
            Self::Verified => Exit::Done,
            Self::Differs | Self::Partial | Self::Begun => Exit::Partial,
            Self::NotAllowed => Exit::NotAllowed,
            Self::Nothing => Exit::Error,
        }
    }
}

/// How the operator continues after an apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NextRun {
    /// Run the same command again.
    Again(String),
    /// Save a new plan: a saved plan can be applied once.
    SavePlan,
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Action, Address, StepOutcome, StepResult};

    fn outcome(results: &[StepResult]) -> Outcome {
        Outcome {
            steps: results
                .iter()
                .map(|result| StepOutcome {
                    address: Address::Levels("SA-001".into()),
                    action: Action::Update,
                    result: result.clone(),
                })
                .collect(),
            ..Outcome::default()
        }
    }

    #[test]
    fn every_conclusion() {
        let failed = StepResult::Failed {
            error: "403".to_owned(),
            help: None,
        };
        let done = StepResult::Done { note: None };
        let never = StepResult::NeverTried;
        let unverified = StepResult::SentNotVerified {
            error: "503".to_owned(),
            help: None,
        };
        for (results, settled, changes, expected, exit) in [
            (
                vec![done.clone()],
                true,
                1,
                Conclusion::Verified,
                Exit::Done,
            ),
            (
                vec![done.clone()],
                false,
                1,
                Conclusion::Differs,
                Exit::Partial,
            ),
            (
                vec![done, failed.clone()],
                false,
                1,
                Conclusion::Partial,
                Exit::Partial,
            ),
            (
                vec![failed.clone(), unverified],
                false,
                1,
                Conclusion::Partial,
                Exit::Partial,
            ),
            (
                vec![failed.clone(), never.clone()],
                false,
                1,
                Conclusion::Begun,
                Exit::Partial,
            ),
            (
                vec![failed, never],
                false,
                0,
                Conclusion::Nothing,
                Exit::Error,
            ),
        ] {
            let found = Conclusion::of(&outcome(&results), settled, changes);
            assert_eq!(found, expected, "{results:?}");
            assert_eq!(found.exit(), exit);
        }
        // Two steps failed, and the caller may not do the one, or neither.
        for (refused, exit) in [(1, Exit::Error), (2, Exit::NotAllowed)] {
            let failed = StepResult::Failed {
                error: "403".to_owned(),
                help: None,
            };
            let results = [failed.clone(), failed, StepResult::NeverTried];
            let outcome = Outcome {
                refused,
                ..outcome(&results)
            };
            assert_eq!(Conclusion::of(&outcome, false, 0).exit(), exit);
            assert_eq!(Conclusion::of(&outcome, false, 1).exit(), Exit::Partial);
        }
    }
}
