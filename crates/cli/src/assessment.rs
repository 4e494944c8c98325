//! Assesses a tenant: reads stores, journal and tenant, and plans.

use crate::failure::Failure;
use applier::{Earlier, LeftRaised, StoredSecrets, Stores};
use model::{
    Address, Aggregations, Agreement, Collection, IdentityId, IdentityNames, Live, NamedIdentity,
    Operation, Plan, SourceId, SourceName, Spec, TenantRead, Unasked,
};
use planner::{Allowances, Selection};
use std::collections::{BTreeMap, BTreeSet};
use tokio::time::Instant;

/// How many identities are read in one request, by their ids.
const IDS_OF_A_REQUEST: usize = 100;

/// A plan, and the observed state that it was made from.
pub(crate) struct Assessment {
    pub(crate) live: Live,
    pub(crate) plan: Plan,
    /// When the reading ended.
    pub(crate) read_at: Instant,
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
    /// The sources of which a list that the run has read lately may be taken over.
    pub(crate) settled: &'a BTreeSet<SourceId>,
}

impl<'a> Facts<'a> {
    /// Every list is read.
    pub(crate) const NOTHING_SETTLED: &'static BTreeSet<SourceId> = &BTreeSet::new();

    /// What an apply plans with: where a store may not be asked, what needs it is blocked.
    pub(crate) fn of_apply(
        stores: &'a Stores,
        earlier: &'a Earlier,
        settled: &'a BTreeSet<SourceId>,
    ) -> Self {
        Self {
            stores,
            earlier,
            unasked: Unasked::Blocked,
            settled,
        }
    }
}

/// Reads stores and tenant, and plans. The journal names what earlier runs did not
/// finish: tokens whose secret may be lost, which the plan replaces, and raised
/// thresholds, which it sets back.
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
    let plan = |live: &Live| planner::plan_selected(spec, live, live.observed_at, allow, selection);
    let mut live = observe(spec, reader, facts).await?;
    let mut made = plan(&live);
    if witness(spec, reader, &mut live, &made).await? {
        made = plan(&live);
    }
    if look_up_changing(reader, &mut live, &made).await? {
        made = plan(&live);
    }
    let counted = contradicted(spec, &live, &made);
    if !counted.is_empty() {
        // An aggregation may have ended after the accounts were listed, such as the one
        // of a run that was interrupted. So they are listed again, after it was read.
        // What it counted stays the witness: a second answer might say less.
        let (read_before, makers) = (live.requests, live.makers);
        let facts = Facts {
            settled: Facts::NOTHING_SETTLED,
            ..facts
        };
        live = observe(spec, reader, facts).await?;
        live.requests += read_before;
        // What made an identity does not change.
        live.makers = makers;
        for (name, aggregations) in counted {
            if let Some(Collection::Complete(Some(source))) = live.sources.get_mut(&name) {
                source.aggregations = aggregations;
            }
        }
        made = plan(&live);
        if witness(spec, reader, &mut live, &made).await? {
            made = plan(&live);
        }
        if look_up_changing(reader, &mut live, &made).await? {
            made = plan(&live);
        }
    }
    count_unregistered(reader, &mut live, &mut made).await;
    Ok(Assessment {
        live,
        plan: made,
        read_at: Instant::now(),
    })
}

/// Looks up the identities of which the plan changes something, and that were not read.
/// Whose an identity is must not depend on whether something else made the plan read it.
/// Returns whether there was anything to look up.
async fn look_up_changing(
    reader: &impl TenantRead,
    live: &mut Live,
    plan: &Plan,
) -> Result<bool, Failure> {
    let changing = planner::unseen_identities(live, plan);
    look_up(reader, live, changing).await
}

/// Looks up those of these identities that were not read. Returns whether there was any.
///
/// # Errors
/// Identities that cannot be read.
pub(crate) async fn look_up(
    reader: &impl TenantRead,
    live: &mut Live,
    identities: impl IntoIterator<Item = IdentityId>,
) -> Result<bool, Failure> {
    let unseen: BTreeSet<IdentityId> = identities
        .into_iter()
        .filter(|identity| !live.identities.contains_key(identity))
        .collect();
    if unseen.is_empty() {
        return Ok(false);
    }
    let read = reader.identities(&unseen).await?;
    live.requests += u64::try_from(unseen.len().div_ceil(IDS_OF_A_REQUEST)).unwrap_or(u64::MAX);
    live.identities.extend(read);
    Ok(true)
}

/// Looks up how many identities are not registered, where the apply of a plan reads those
/// that it invites together: this decides how many requests that takes.
async fn count_unregistered(reader: &impl TenantRead, live: &mut Live, plan: &mut Plan) {
    let mut invited: BTreeMap<&[Address], usize> = BTreeMap::new();
    for step in &plan.steps {
        if matches!(step.operation, Operation::Invite { .. }) {
            *invited.entry(&step.depends_on).or_default() += 1;
        }
    }
    if invited
        .values()
        .all(|count| *count <= Plan::INVITED_TOGETHER_ABOVE)
    {
        return;
    }
    let unregistered = reader.unregistered().await;
    live.requests += 1;
    plan.estimate = planner::estimate(&plan.steps, live.requests, unregistered);
}

/// Looks up who has the user names that accounts are to get, and the levels of those that
/// ISC gives to their rows.
async fn look_up_user_names(
    spec: &Spec,
    reader: &impl TenantRead,
    live: &mut Live,
) -> Result<(), Failure> {
    let sought = planner::sought_user_names(spec, live);
    if sought.is_empty() {
        return Ok(());
    }
    let (found, requests) = reader.identities_named(&sought).await?;
    live.requests += requests;
    let named = |named: NamedIdentity| (IdentityNames::folded(&named.identity.alias), named);
    live.user_names = found.into_iter().map(named).collect();
    for identity in planner::taken_up(spec, live) {
        live.requests += 1;
        match reader.user_levels(&identity).await {
            Ok(levels) => {
                live.levels.insert(identity, Collection::Complete(levels));
            }
            // Levels that are not shown are not removed.
            Err(error) => tracing::debug!(error = %error.chain(), "levels were not looked up"),
        }
    }
    Ok(())
}

/// The aggregations of the sources that the plan needs the whole list of accounts of,
/// and whose list they, or the identities of the profile, contradict.
fn contradicted(spec: &Spec, live: &Live, plan: &Plan) -> BTreeMap<SourceName, Aggregations> {
    planner::to_confirm(plan)
        .into_iter()
        .filter_map(|name| {
            let source = live.sources.get(&name)?.complete().ok()?.as_ref()?;
            let accounts = source.accounts.complete().ok()?;
            match source.agreement(accounts, &planner::foreign(spec, live, source)) {
                Agreement::Short { .. } => Some((name, source.aggregations.clone())),
                Agreement::Agrees | Agreement::NotKnown(_) => None,
            }
        })
        .collect()
}

/// Looks up how many accounts the sources had of whose accounts a plan needs the whole
/// list. A list that is short or empty by mistake contradicts it; a CSV import of such a
/// list would delete accounts. So does the number of identities that the source's profile
/// counts, once it is seen which of them the profile made. Returns whether there was
/// anything to look up.
async fn witness(
    spec: &Spec,
    reader: &impl TenantRead,
    live: &mut Live,
    plan: &Plan,
) -> Result<bool, Failure> {
    let mut asked = false;
    for name in planner::to_confirm(plan) {
        let Some(Collection::Complete(Some(source))) = live.sources.get_mut(&name) else {
            // It does not exist yet.
            continue;
        };
        if source.aggregations == Aggregations::NotAsked {
            source.aggregations = reader.aggregations(&source.id).await?;
            live.requests += match &source.aggregations {
                // It was counted how many identities have no account.
                Aggregations::Read(Some(last)) if last.deleted_lately > 0 => 2,
                Aggregations::Read(_) | Aggregations::Unread(_) | Aggregations::NotAsked => 1,
            };
            asked = true;
        }
        let source = live.sources.get(&name);
        let source = source.and_then(|read| read.found().as_ref());
        let unknown = source.map(|source| planner::of_unknown_makers(spec, live, source));
        let unknown = unknown.unwrap_or_default();
        if !unknown.is_empty() {
            let (makers, requests) = reader.makers(&unknown).await?;
            live.makers.extend(makers);
            live.requests += requests;
            asked = true;
        }
    }
    Ok(asked)
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
                created: _,
                left: _,
                of_others: _,
                raised,
                invited: _,
                sent,
                tries,
                notices: _,
            },
        unasked,
        settled,
    } = facts;
    let StoredSecrets {
        issuers,
        elsewhere,
        variables,
        tokens,
        passed_on,
    } = applier::stored_secrets(spec, stores, facts.earlier).await;
    let mut wanted = planner::wanted(spec, &issuers);
    // A token that was delivered and replaced may live on although no file declares
    // tokens any more.
    wanted.tokens |= !delivered.is_empty();
    wanted.settled.clone_from(settled);
    let mut live = reader.survey(&wanted).await?;
    live.stores.issuers = issuers;
    live.stores.issuers_elsewhere = elsewhere;
    live.stores.variables = variables;
    live.stores.tokens = tokens;
    live.stores.passed_on = passed_on;
    live.stores.invitations.clone_from(sent);
    live.stores.tries.clone_from(tries);
    live.stores.not_asked = stores.not_asked();
    live.stores.unasked = unasked;
    live.stores.lost_tokens = applier::lost_tokens(spec, unfinished, &live, stores).await;
    for LeftRaised { id: _, intent } in raised {
        let Some(Collection::Complete(Some(source))) = live.sources.get_mut(&intent.name) else {
            continue;
        };
        let is_raised = source.effective_delete_threshold() == i64::from(intent.to);
        if source.id == intent.source && is_raised {
            source.raised_from = Some(intent.back);
        }
    }
    look_up_user_names(spec, reader, &mut live).await?;
    Ok(live)
}
