//! Guard against a spec that has lost most of its accounts.
//!
//! An empty file, a folder that was not checked out, a merge that went wrong:
//! against a full source with `unmanaged: delete` they look like the intent to
//! delete everything. Whatever the limits are, that needs an approval of its own.

use super::info::{GuardInfo, Lifting};
use crate::draft::Draft;
use model::{GuardReport, Live, Operation, RowChange, Verdict};

/// The guard.
pub(super) const INFO: GuardInfo = GuardInfo {
    name: "emptySpec",
    about: "accounts of one source that the plan deletes, if they are more than half of at least 5",
    default: "half of the source",
    lifting: Lifting::Count,
};

/// In a source with fewer accounts, a mistake looks like any change.
const FLOOR: usize = 5;

/// Looks at each source that loses accounts.
pub(super) fn run(live: &Live, draft: &Draft) -> Vec<GuardReport> {
    live.sources
        .iter()
        .filter_map(|(name, source)| {
            let there = source.found().as_ref()?.accounts.found().len();
            let deleted = draft
                .steps
                .iter()
                .filter(|step| {
                    matches!(&step.operation, Operation::ImportRow { source_name, change: RowChange::Delete, .. } if source_name == name)
                })
                .count();
            if there < FLOOR || deleted * 2 <= there {
                return None;
            }
            Some(GuardReport {
                name: INFO.name,
                verdict: Verdict::Refused,
                counted: deleted as u64,
                limit: (there / 2) as u64,
                message: format!(
                    "the plan deletes {deleted} of the {there} accounts of \"{name}\", because no file declares them"
                ),
                remedy: format!(
                    "check that all spec files are present; if this is intended, pass `--allow {}={deleted}` once",
                    INFO.name
                ),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::INFO;
    use crate::testing::guard_cases::{at_its_limit, undeclared};

    #[test]
    fn half_of_a_source_may_go() {
        at_its_limit(INFO.name, 5, |count| undeclared(count, 10));
        at_its_limit(INFO.name, 50, |count| undeclared(count, 100));
    }

    #[test]
    fn a_small_source_may_go_altogether() {
        let (spec, live) = undeclared(4, 4);
        let plan =
            crate::testing::guard_cases::planned(&spec, &live, &crate::Allowances::default());
        assert!(!plan.guards.iter().any(|guard| guard.name == INFO.name));
    }
}
