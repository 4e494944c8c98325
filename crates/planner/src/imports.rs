//! The CSV imports of a draft: of which sources, and how many accounts each deletes.

use crate::draft::Draft;
use crate::view::{earlier_of, ownership_of};
use model::ownership::{Against, Earlier, Ownership};
use model::{
    AccountSpec, Address, IdentityId, Live, LiveAccount, LiveSource, NativeIdentity, Operation,
    Plan, RowChange, SourceChange, SourceId, SourceName, Spec, Step,
};
use std::collections::{BTreeMap, BTreeSet};

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

/// The sources whose account schemas lose attributes: no account may have a value in one.
pub(crate) fn narrowed(draft: &Draft) -> BTreeSet<&SourceName> {
    draft.steps.iter().filter_map(narrows).collect()
}

/// The sources of whose accounts a plan needs the whole list, because it imports them or
/// removes attributes. Their aggregations have to be looked up, so that a list that is
/// short is noticed.
pub fn to_confirm(plan: &Plan) -> BTreeSet<SourceName> {
    plan.steps
        .iter()
        .filter_map(|step| match &step.operation {
            Operation::ImportRow { source_name, .. } => Some(source_name.clone()),
            _ => narrows(step).cloned(),
        })
        .collect()
}

fn narrows(step: &Step) -> Option<&SourceName> {
    match &step.operation {
        Operation::DefineSchema { removes, .. } if !removes.attributes.is_empty() => {
            step.address.source()
        }
        _ => None,
    }
}

/// The identities of a source's accounts that its profile did not make, or of which
/// something speaks against it. The profile counts those that it made, so one that it did
/// not make must not stand for one that a short list lacks, also where a file approves it.
pub fn foreign(spec: &Spec, live: &Live, source: &LiveSource) -> BTreeSet<IdentityId> {
    let declared: BTreeMap<&NativeIdentity, &AccountSpec> = spec
        .accounts_of(&source.name)
        .filter_map(|account| Some((&account.row.as_ref()?.id, account)))
        .collect();
    let is_foreign = |account: &&LiveAccount| {
        if let Some(maker) = maker(live, account) {
            return *maker != source.id;
        }
        let declared = declared.get(&account.native_identity);
        let earlier = declared.map_or(Earlier::None, |declared| earlier_of(declared));
        match ownership_of(live, &source.name, account, None, earlier) {
            Some(Ownership::NotOwn(against)) => match against {
                Against::Older
                | Against::OtherSource { .. }
                | Against::UnmappedEmail { .. }
                | Against::OtherApproved(_)
                | Against::ByHand
                | Against::Machine
                | Against::NoProfile => true,
                // ISC may not have processed what somebody changed in the row.
                Against::Alias { .. } | Against::Email { .. } | Against::NoEmail { .. } => false,
            },
            Some(
                Ownership::Own
                | Ownership::Approved
                | Ownership::Awaited(_)
                | Ownership::Unread(_)
                | Ownership::NotRead
                | Ownership::Unknown,
            )
            | None => false,
        }
    };
    let accounts = source.accounts.found().iter();
    accounts
        .filter(is_foreign)
        .filter_map(|account| account.identity.clone())
        .collect()
}

/// The source whose account made the identity of an account, where ISC says it.
fn maker<'a>(live: &'a Live, account: &LiveAccount) -> Option<&'a SourceId> {
    let identity = account.identity.as_ref()?;
    let read = live.identities.get(identity);
    let read = read.and_then(|read| read.found().as_ref()?.made_by.as_ref());
    read.or_else(|| live.makers.get(identity))
}

/// The identities of a source's accounts of which it is not known whether its profile
/// counts them: what made them was not read, and their names do not show it. A list that is
/// short would agree with the count of the profile where they stand for what it lacks.
pub fn of_unknown_makers(spec: &Spec, live: &Live, source: &LiveSource) -> BTreeSet<IdentityId> {
    let profile = source.profile.found().as_ref();
    let counts =
        profile.is_some_and(|profile| profile.identity_count.is_some_and(|count| count > 0));
    if !counts {
        return BTreeSet::new();
    }
    let foreign = foreign(spec, live, source);
    let is_unknown = |account: &&LiveAccount| {
        let was_read = |identity: &IdentityId| {
            let read = live.identities.get(identity);
            read.is_some_and(|read| read.complete().is_ok())
        };
        let is_seen = account.identity.as_ref().is_some_and(was_read);
        let ownership = ownership_of(live, &source.name, account, None, Earlier::Any);
        !is_seen && maker(live, account).is_none() && ownership != Some(Ownership::Own)
    };
    let accounts = source.accounts.found().iter();
    accounts
        .filter(is_unknown)
        .filter_map(|account| account.identity.clone())
        .filter(|identity| !foreign.contains(identity))
        .collect()
}

/// The delete threshold of a source at its import: what a step before sets, or else what
/// it is. None for a source that the plan creates without one.
pub(crate) fn threshold(
    draft: &Draft,
    source: Option<&LiveSource>,
    name: &SourceName,
) -> Option<i64> {
    let set = draft
        .steps
        .iter()
        .filter(|step| matches!(&step.address, Address::Source(of) if of == name))
        .find_map(|step| match &step.operation {
            Operation::CreateSource(new) => new.delete_threshold,
            Operation::UpdateSource { changes, .. } => {
                changes.iter().find_map(|change| match change {
                    SourceChange::DeleteThreshold(percent) => Some(*percent),
                    SourceChange::Owner(_) | SourceChange::Description(_) => None,
                })
            }
            _ => None,
        });
    set.map(i64::from)
        .or_else(|| source.map(LiveSource::effective_delete_threshold))
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
        spec.sources.get(name)?.managed()?;
        let threshold = threshold(draft, Some(source), name)?;
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
