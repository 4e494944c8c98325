//! Guard for ISC's Account Delete Threshold, computed before ISC does.
//!
//! An import that would delete a larger share of a source's accounts than its
//! `deleteThreshold` deletes nothing at all and ends with a warning. Such a plan
//! is refused, with the numbers.

use super::info::{GuardInfo, Lifting};
use super::limit::count;
use crate::draft::Draft;
use crate::imports::{Deletions, sources_of};
use crate::view::live_source;
use model::{GuardReport, Live, Spec, Verdict};

/// The guard.
pub(super) const INFO: GuardInfo = GuardInfo {
    name: "deleteThreshold",
    about: "accounts that a CSV import deletes, as a share of the source; above its `deleteThreshold`, ISC deletes none of them and only warns; lifted, steersman raises the threshold for this import and sets it back",
    default: "10% of the source, or its `deleteThreshold`",
    lifting: Lifting::Count,
};

/// Checks each source that loses accounts.
pub(super) fn run(spec: &Spec, live: &Live, draft: &Draft) -> Vec<GuardReport> {
    sources_of(draft)
        .into_iter()
        .filter_map(|name| {
            let found = Deletions::of(draft, spec, live_source(live, name)?, name)?;
            let Deletions {
                deleted,
                there,
                threshold,
            } = found;
            if !found.exceeds() {
                return None;
            }
            let share = found.share();
            Some(GuardReport {
                name: INFO.name,
                verdict: Verdict::Refused,
                counted: count(deleted),
                limit: count(threshold * there / 100),
                message: format!(
                    "the CSV import of \"{name}\" would delete {deleted} of {there} accounts ({share}%); its deleteThreshold is {threshold}%, so ISC would delete none of them"
                ),
                remedy: format!(
                    "if this is intended, pass `--allow {}={deleted}` once: steersman then raises the threshold to {share}% for this import and sets it back to {threshold}%; or set `deleteThreshold: {share}` for source \"{name}\", or delete fewer accounts at once",
                    INFO.name
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
