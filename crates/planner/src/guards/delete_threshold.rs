//! Guard for ISC's Account Delete Threshold, computed before ISC does.
//!
//! An import that would delete a larger share of a source's accounts than its
//! `deleteThreshold` deletes nothing at all and ends with a warning. Such a plan
//! is refused, with the numbers.

use super::info::{GuardInfo, Lifting};
use crate::draft::Draft;
use crate::view::live_source;
use model::{GuardReport, Live, Operation, RowChange, Spec, Verdict};

/// The guard.
pub(super) const INFO: GuardInfo = GuardInfo {
    name: "deleteThreshold",
    about: "accounts that a CSV import deletes, as a share of the source; above its `deleteThreshold`, ISC deletes none of them and only warns",
    default: "10% of the source, or its `deleteThreshold`",
    lifting: Lifting::Instead(
        "set a higher `deleteThreshold` for the source, or delete fewer accounts at once",
    ),
};

/// Checks each source that loses accounts.
pub(super) fn run(spec: &Spec, live: &Live, draft: &Draft) -> Vec<GuardReport> {
    spec.sources
        .iter()
        .filter_map(|(name, wanted)| {
            let managed = wanted.managed()?;
            let source = live_source(live, name)?;
            let deleted = draft
                .steps
                .iter()
                .filter(|step| {
                    // A row that gets another id is deleted under the earlier one.
                    matches!(&step.operation, Operation::ImportRow { source_name, change: RowChange::Delete | RowChange::Rename { .. }, .. } if source_name == name)
                })
                .count();
            let there = source.accounts.found().len();
            let threshold = managed
                .delete_threshold
                .map_or_else(|| source.effective_delete_threshold(), i64::from);
            let threshold = usize::try_from(threshold).unwrap_or(0);
            if deleted * 100 <= threshold * there {
                return None;
            }
            let share = (deleted * 100).div_ceil(there.max(1));
            Some(GuardReport {
                name: INFO.name,
                verdict: Verdict::Refused,
                counted: deleted as u64,
                limit: (threshold * there / 100) as u64,
                message: format!(
                    "the CSV import of \"{name}\" would delete {deleted} of {there} accounts ({share}%); its deleteThreshold is {threshold}%, so ISC would delete none of them"
                ),
                remedy: format!(
                    "set `deleteThreshold: {}` for source \"{name}\", or delete fewer accounts at once",
                    share.min(100)
                ),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::INFO;
    use crate::testing::fixtures::{managed, source_mut};
    use crate::testing::guard_cases::{refusals, undeclared};

    #[test]
    fn the_threshold_is_kept_to_the_account() {
        for (deleted, of, live, declared, refused) in [
            (1, 10, 10, None, false),
            (2, 10, 10, None, true),
            (2, 10, 10, Some(20), false),
            (2, 10, 90, Some(19), true),
            (1, 5, 10, None, true),
            (0, 5, 0, None, false),
            (1, 5, 0, None, true),
        ] {
            let (mut spec, mut tenant) = undeclared(deleted, of);
            managed(&mut spec).delete_threshold =
                declared.and_then(|percent: i64| percent.try_into().ok());
            source_mut(&mut tenant).delete_threshold = Some(live);
            assert_eq!(
                refusals(&spec, &tenant).contains(&INFO.name),
                refused,
                "{deleted} of {of} at {live} % live, {declared:?} % declared"
            );
        }
    }
}
