//! ISC's own delete threshold, computed before ISC does.
//!
//! An import that would delete a larger share of a source's accounts than its
//! `deleteThreshold` deletes nothing at all and ends with a warning. Such a plan
//! is refused, with the numbers.

use super::registry::GuardInfo;
use crate::draft::Draft;
use crate::view::live_source;
use model::{GuardReport, Live, Operation, RowChange, Spec, Verdict};

/// The guard.
pub(crate) const INFO: GuardInfo = GuardInfo {
    name: "deleteThreshold",
    about: "accounts that an import deletes, against the source's `deleteThreshold`: beyond it ISC deletes none, so the plan is refused",
    allowable: false,
};

/// Checks each source that loses accounts.
pub(crate) fn run(spec: &Spec, live: &Live, draft: &Draft) -> Vec<GuardReport> {
    spec.sources
        .iter()
        .filter_map(|(name, wanted)| {
            let managed = wanted.managed()?;
            let source = live_source(live, name)?;
            let deleted = draft
                .steps
                .iter()
                .filter(|step| {
                    matches!(&step.operation, Operation::ImportRow { source_name, change: RowChange::Delete, .. } if source_name == name)
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
                    "the import of \"{name}\" would delete {deleted} of {there} accounts ({share} %), and its deleteThreshold is {threshold} %: ISC would delete none of them"
                ),
                remedy: format!(
                    "set `deleteThreshold: {}` for source \"{name}\", or delete in smaller steps",
                    share.min(100)
                ),
            })
        })
        .collect()
}
