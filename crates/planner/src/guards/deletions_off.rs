//! Guard for deletions from a source in which they are switched off.
//!
//! ISC then keeps an account without a row. Its tokens and levels would be gone, the
//! account would stay, and so it would be in each run.

use super::info::{GuardInfo, Lifting};
use super::limit::count;
use crate::draft::Draft;
use crate::imports::{removes, sources_of};
use crate::view::live_source;
use model::{GuardReport, Live, Verdict};

/// The guard.
pub(super) const INFO: GuardInfo = GuardInfo {
    name: "deletionsOff",
    about: "accounts that a CSV import deletes from a source in which deletions are switched off (`checkDeletedDisabled`); ISC deletes none of them",
    default: "0",
    lifting: Lifting::Instead(
        "set `checkDeletedDisabled` of the source to `false` in ISC, or delete no account",
    ),
};

/// Checks each source that loses accounts.
pub(super) fn run(live: &Live, draft: &Draft) -> Vec<GuardReport> {
    sources_of(draft)
        .into_iter()
        .filter_map(|name| {
            let source = live_source(live, name)?;
            let deleted = draft.steps.iter().filter(|step| removes(step, name)).count();
            (source.file.keeps_missing && deleted > 0).then(|| GuardReport {
                name: INFO.name,
                verdict: Verdict::Refused,
                counted: count(deleted),
                limit: 0,
                message: format!(
                    "the CSV import of \"{name}\" would delete {deleted} accounts, but deletions are switched off in this source (`checkDeletedDisabled`), so ISC would delete none of them"
                ),
                remedy: "set `checkDeletedDisabled` to `false` in the source's connector attributes in ISC, or keep the accounts with `unmanaged: keep`".to_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::INFO;
    use crate::testing::fixtures::source_mut;
    use crate::testing::guard_cases::{refusals, undeclared};

    #[test]
    fn tenants_05_a_deletion_is_refused_where_deletions_are_off() {
        for (deleted, off, refused) in [(1, true, true), (0, true, false), (1, false, false)] {
            let (spec, mut live) = undeclared(deleted, 10);
            source_mut(&mut live).file.keeps_missing = off;
            let names = refusals(&spec, &live);
            assert_eq!(names.contains(&INFO.name), refused, "{deleted} {off}");
        }
    }
}
