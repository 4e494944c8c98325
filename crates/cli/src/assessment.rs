//! Assesses a tenant: reads stores, journal and tenant, and plans.

use crate::failure::Failure;
use applier::{Earlier, StoredSecrets, Stores};
use model::{Live, Plan, SourceName, Spec, TenantRead, Unasked};
use planner::{Allowances, Selection};
use std::collections::BTreeMap;

/// A plan, and the observed state that it was made from.
pub(crate) struct Assessment {
    pub(crate) live: Live,
    pub(crate) plan: Plan,
}

impl Assessment {
    /// How many accounts each source has, for the line of its CSV import.
    pub(crate) fn accounts_there(&self) -> BTreeMap<SourceName, usize> {
        self.live
            .sources
            .iter()
            .filter_map(|(name, source)| {
                let source = source.found().as_ref()?;
                Some((name.clone(), source.accounts.found().len()))
            })
            .collect()
    }
}

/// What a plan is made from beside the spec and the tenant: stores and journal.
#[derive(Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) stores: &'a Stores,
    /// What earlier runs left in the journal.
    pub(crate) earlier: &'a Earlier,
    /// What is planned where a store may not be asked.
    pub(crate) unasked: Unasked,
}

/// Reads stores and tenant, and plans. The journal names tokens whose secret an
/// earlier run may have lost; the plan replaces them.
///
/// # Errors
/// A tenant that cannot be read. A partial read is no error: the plan says so.
pub(crate) async fn assess(
    spec: &Spec,
    reader: &impl TenantRead,
    facts: Facts<'_>,
    allow: &Allowances,
) -> Result<Assessment, Failure> {
    assess_selected(spec, reader, facts, allow, &Selection::default()).await
}

/// The same for the selected part of the plan.
///
/// # Errors
/// The same.
pub(crate) async fn assess_selected(
    spec: &Spec,
    reader: &impl TenantRead,
    facts: Facts<'_>,
    allow: &Allowances,
    selection: &Selection,
) -> Result<Assessment, Failure> {
    let live = observe(spec, reader, facts).await?;
    let plan = planner::plan_selected(spec, &live, live.observed_at, allow, selection);
    Ok(Assessment { live, plan })
}

/// Reads the observed state. The facts of the stores come first, because they
/// decide what is read from the tenant, and last, because a lost token is one that
/// the tenant has and no store.
async fn observe(spec: &Spec, reader: &impl TenantRead, facts: Facts<'_>) -> Result<Live, Failure> {
    let Facts {
        stores,
        earlier:
            Earlier {
                unfinished,
                delivered,
                notices: _,
            },
        unasked,
    } = facts;
    let StoredSecrets { issuers, tokens } = applier::stored_secrets(spec, stores, delivered).await;
    let mut wanted = planner::wanted(spec, &issuers);
    // A token that was delivered and replaced may live on although no file declares
    // tokens any more.
    wanted.tokens |= !delivered.is_empty();
    let mut live = reader.survey(&wanted).await?;
    live.stores.issuers = issuers;
    live.stores.tokens = tokens;
    live.stores.not_asked = stores.not_asked();
    live.stores.unasked = unasked;
    live.stores.lost_tokens = applier::lost_tokens(spec, unfinished, &live, stores).await;
    Ok(live)
}
