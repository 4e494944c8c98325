//! The CSV imports of a draft: of which sources, and how many accounts each deletes.

use crate::draft::Draft;
use model::{LiveSource, Operation, Plan, RowChange, SourceName, Spec, Step};
use std::collections::BTreeSet;

/// The sources whose accounts a plan imports.
pub(crate) fn sources_of(draft: &Draft) -> BTreeSet<&SourceName> {
    draft
        .steps
        .iter()
        .filter_map(|step| match &step.operation {
            Operation::ImportRow { source_name, .. } => Some(source_name),
            _ => None,
        })
        .collect()
}

/// The sources whose accounts a plan imports: their aggregations have to be looked up,
/// so that a list of accounts that is short is noticed.
pub fn imported(plan: &Plan) -> BTreeSet<SourceName> {
    plan.steps
        .iter()
        .filter_map(|step| match &step.operation {
            Operation::ImportRow { source_name, .. } => Some(source_name.clone()),
            _ => None,
        })
        .collect()
}

/// Whether a step leaves a row of this source out of the import. A row that gets
/// another id is left out under the earlier one.
pub(crate) fn removes(step: &Step, name: &SourceName) -> bool {
    matches!(
        &step.operation,
        Operation::ImportRow {
            source_name,
            change: RowChange::Delete | RowChange::Rename { .. },
            ..
        } if source_name == name
    )
}

/// The deletions of an import beside the delete threshold of its source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deletions {
    /// How many accounts the import deletes.
    pub(crate) deleted: usize,
    /// How many the source has.
    pub(crate) there: usize,
    /// The threshold, in percent.
    pub(crate) threshold: usize,
}

impl Deletions {
    /// Counts them; none for a source that is not managed.
    pub(crate) fn of(
        draft: &Draft,
        spec: &Spec,
        source: &LiveSource,
        name: &SourceName,
    ) -> Option<Self> {
        let managed = spec.sources.get(name)?.managed()?;
        let threshold = managed
            .delete_threshold
            .map_or_else(|| source.effective_delete_threshold(), i64::from);
        Some(Self {
            deleted: draft
                .steps
                .iter()
                .filter(|step| removes(step, name))
                .count(),
            there: source.accounts.found().len(),
            threshold: usize::try_from(threshold).unwrap_or(0),
        })
    }

    /// Whether ISC would delete none of them.
    pub(crate) fn exceeds(self) -> bool {
        self.deleted * 100 > self.threshold * self.there
    }

    /// The share that is deleted, in percent, rounded up.
    pub(crate) fn share(self) -> usize {
        (self.deleted * 100).div_ceil(self.there.max(1)).min(100)
    }
}
