//! Assesses a tenant: reads stores and tenant, and plans.

use crate::failure::Failure;
use applier::{Stores, Unfinished};
use model::{Live, Plan, SourceName, Spec, TenantRead};
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

/// Reads stores and tenant, and plans. `unfinished` names tokens whose secret an
/// earlier run may have lost; the plan replaces them.
///
/// # Errors
/// A tenant that cannot be read. A partial read is no error: the plan says so.
pub(crate) async fn assess(
    spec: &Spec,
    reader: &impl TenantRead,
    stores: &Stores,
    unfinished: &[Unfinished],
    allow: &Allowances,
) -> Result<Assessment, Failure> {
    assess_selected(
        spec,
        reader,
        stores,
        unfinished,
        allow,
        &Selection::default(),
    )
    .await
}

/// The same for the selected part of the plan.
///
/// # Errors
/// The same.
pub(crate) async fn assess_selected(
    spec: &Spec,
    reader: &impl TenantRead,
    stores: &Stores,
    unfinished: &[Unfinished],
    allow: &Allowances,
    selection: &Selection,
) -> Result<Assessment, Failure> {
    let live = observe(spec, reader, stores, unfinished).await?;
    let plan = planner::plan_selected(spec, &live, live.observed_at, allow, selection);
    Ok(Assessment { live, plan })
}

/// Reads the observed state. The facts of the stores come first, because they
/// decide what is read from the tenant, and last, because a lost token is one that
/// the tenant has and no store.
async fn observe(
    spec: &Spec,
    reader: &impl TenantRead,
    stores: &Stores,
    unfinished: &[Unfinished],
) -> Result<Live, Failure> {
    let issuers = applier::issuers(spec, stores).await;
    let mut live = reader.survey(&planner::wanted(spec, &issuers)).await?;
    live.stores.issuers = issuers;
    live.stores.not_asked = stores.not_asked();
    live.stores.lost_tokens = applier::lost_tokens(spec, unfinished, &live, stores).await;
    Ok(live)
}
