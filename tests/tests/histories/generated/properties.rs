//! What holds for every generated tenant.

use crate::declared::Settled;
use crate::fault::{Fault, Promise};
use crate::generated::partial::{
    Weight, gives_to_identities, of_identity, parts, takes_from_identities, weighty,
};
use crate::generated::setting::{Generated, Site};
use crate::random::Random;
use crate::removals::{Circumstances, Judged};
use crate::tenant::View;
use model::{Address, Blocked, BlockedReason, Live, Plan, Step, StepResult};
use planner::Allowances;
use simulator::{Fault as Trouble, FaultRule, Faults};
use std::collections::{BTreeMap, BTreeSet};

/// What is tried with a tenant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tried {
    /// The plan is carried out.
    pub(crate) applied: bool,
    /// Each collection is made partial, and not only some.
    pub(crate) thorough: bool,
    /// Each list is asked for while the simulator spoils it.
    pub(crate) spoilt: bool,
}

/// How much was looked at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) tenants: usize,
    pub(crate) invalid: usize,
    pub(crate) partial: usize,
    pub(crate) spoilt: usize,
    pub(crate) refused: usize,
    pub(crate) applied: usize,
    pub(crate) complete: usize,
}

/// Guards that can be lifted.
const GUARDS: [&str; 6] = [
    "deleteAccounts",
    "deleteTokens",
    "removeLevels",
    "removeScopes",
    "renameAccounts",
    "emptySpec",
];

/// Operations that lists are read with.
const LISTS: [&str; 9] = [
    "listSourcesV1",
    "listAccountsV1",
    "getSourceSchemasV1",
    "listIdentityProfilesV1",
    "listIdentitiesV1",
    "getAuthUserV1",
    "listUserLevelIdentitiesV1",
    "showUserLevelCountsV1",
    "listPersonalAccessTokensV1",
];

/// # Errors
/// The first promise that is broken.
pub(crate) fn check(
    site: &Site,
    seed: u64,
    tried: Tried,
    counts: &mut Counts,
) -> Result<(), Fault> {
    let Some(tenant) = site.load(seed) else {
        counts.invalid += 1;
        return Ok(());
    };
    counts.tenants += 1;
    let before = site.view();
    let unread = || Fault::new(Promise::EndsInOrder, "the tenant cannot be read");
    let live = site.read(&tenant).ok_or_else(unread)?;
    let planned = |live: &Live| {
        let plan = site.plan(&tenant, live, &Allowances::default());
        plan.ok_or_else(unread)
    };
    let whole = planned(&live)?;
    let known = Known {
        whole: weighty(&whole, &live),
        foreign: foreign(&before),
    };
    let mut random = Random::of(seed, 3);
    let parts = parts(&live);
    let share = if tried.thorough { 100 } else { 25 };
    for part in parts.iter().filter(|_| random.chance(share)) {
        counts.partial += 1;
        let plan = planned(&part.unread(&live))?;
        let weight = part.weight(&tenant.spec);
        known.covers(&plan, &live, &format!("{part:?}"), weight)?;
    }
    if tried.spoilt {
        for operation in LISTS {
            counts.spoilt += 1;
            spoilt(site, &tenant, operation, &known, &live)?;
        }
    }
    complete(&tenant, &whole, &before, counts)?;
    if tried.applied {
        applied(site, &tenant, &live, &before, counts)?;
    }
    Ok(())
}

/// What the plan with all facts does, and what is somebody else's.
struct Known {
    whole: BTreeSet<String>,
    /// Identities that are not of the row that is correlated to them, and their
    /// tokens.
    foreign: BTreeSet<String>,
}

impl Known {
    /// With a part unread, nothing weighty is planned that is not planned with all of
    /// it; and nothing is taken from an identity that an unread account could claim.
    fn covers(&self, plan: &Plan, live: &Live, unread: &str, weight: Weight) -> Result<(), Fault> {
        let planned = weighty(plan, live);
        let more = planned
            .difference(&self.whole)
            .filter(|change| match weight {
                // A row that is not imported leaves its identity as it is, so what waits
                // for the row with all facts may go on.
                Weight::Accounts | Weight::Rows => !of_identity(change) || self.is_foreign(change),
                // A store that cannot be read stops no rotation of the accounts whose
                // secrets are elsewhere. One of them can have the same identity, which is
                // told once the store is read.
                Weight::Secrets => !gives_to_identities(change) || self.is_foreign(change),
                Weight::Other => true,
            });
        let more: Vec<&String> = more.collect();
        let taken: Vec<&String> = planned
            .iter()
            .filter(|change| weight == Weight::Accounts && takes_from_identities(change))
            .collect();
        for (what, changes) in [
            ("not planned with all of it", more),
            ("taken from identities", taken),
        ] {
            if !changes.is_empty() {
                return Err(Fault::new(
                    Promise::PartialRemovesNothing,
                    format!("{unread} unread: {what}: {changes:?}\nof\n{}", steps(plan)),
                ));
            }
        }
        Ok(())
    }
}

impl Known {
    fn is_foreign(&self, change: &str) -> bool {
        self.foreign.iter().any(|id| change.contains(id.as_str()))
    }
}

fn foreign(view: &View) -> BTreeSet<String> {
    let mut foreign = BTreeSet::new();
    for row in view.rows.values() {
        let Some(id) = &row.identity else { continue };
        let identity = view.identities.get(id);
        if identity.is_some_and(|identity| identity.account.as_ref() != Some(&row.account)) {
            foreign.insert(id.clone());
            foreign.extend(view.tokens_of(id).map(|(token, _)| token.clone()));
        }
    }
    foreign
}

/// The same where the simulator spoils a list, and the client has to notice.
fn spoilt(
    site: &Site,
    tenant: &Generated,
    operation: &str,
    known: &Known,
    live: &Live,
) -> Result<(), Fault> {
    let mut random = Random::of(tenant.seed, 1);
    let fault = [
        Trouble::TooManyRequests {
            retry_after: Some(0),
        },
        Trouble::Status { status: 403 },
        Trouble::MalformedJson,
        Trouble::ShortPage,
        Trouble::ChangingTotal,
    ][random.below(5)]
    .clone();
    let name = format!("{operation} ({fault:?})");
    let rule = FaultRule {
        fault,
        operations: vec![operation.to_owned()],
        skip: 0,
        count: None,
        probability: None,
    };
    let faults = |rules| Faults { rules, seed: 1 };
    site.tenant().simulator().set_faults(faults(vec![rule]));
    let planned = site
        .read(tenant)
        .and_then(|spoilt| site.plan(tenant, &spoilt, &Allowances::default()));
    site.tenant().simulator().set_faults(faults(Vec::new()));
    // What cannot be read at all is not planned.
    let Some(plan) = planned else { return Ok(()) };
    known.covers(&plan, live, &name, Weight::Rows)
}

/// A plan that says that all is as declared is right.
fn complete(
    tenant: &Generated,
    plan: &Plan,
    view: &View,
    counts: &mut Counts,
) -> Result<(), Fault> {
    if !plan.is_empty() || !plan.is_complete() {
        return Ok(());
    }
    counts.complete += 1;
    let settled = Settled {
        files: &tenant.files,
        view,
        folder: tenant.secrets(),
        spoilt: &BTreeSet::new(),
        said: "",
    };
    settled.check()
}

fn applied(
    site: &Site,
    tenant: &Generated,
    live: &Live,
    before: &View,
    counts: &mut Counts,
) -> Result<(), Fault> {
    let mut random = Random::of(tenant.seed, 2);
    let mut allow = Allowances::default();
    let mut allowed = BTreeMap::new();
    if random.chance(60) {
        for guard in GUARDS {
            allow.allow(guard, 1000);
            allowed.insert(guard.to_owned(), 1000);
        }
    }
    let unread = || Fault::new(Promise::EndsInOrder, "the tenant cannot be read again");
    let planned = |live: &Live, allow: &Allowances| {
        let plan = site.plan(tenant, live, allow);
        plan.ok_or_else(unread)
    };
    let plan = planned(live, &allow)?;
    if !plan.is_applyable() {
        counts.refused += 1;
        return Ok(());
    }
    if plan.is_empty() {
        return Ok(());
    }
    counts.applied += 1;
    let outcome = site.apply(tenant, &plan);
    let after = site.view();
    let circumstances = Circumstances {
        allowed,
        ..Circumstances::default()
    };
    // No store of a generated tenant has an issuer that works.
    let minting = crate::issuers::Working::new();
    let judged = Judged {
        minting: &minting,
        files: &tenant.files,
        by_hand: &BTreeSet::new(),
        before,
        after: &after,
        circumstances: &circumstances,
    };
    judged.check()?;
    if !outcome.all_done() {
        let failed: Vec<String> = outcome
            .steps
            .iter()
            .filter(|step| !matches!(step.result, StepResult::Done { .. }))
            .map(|step| format!("{}: {:?}", step.address, step.result))
            .collect();
        return Err(Fault::new(
            Promise::OneApplyIsEnough,
            format!("not done:\n  {}\nof\n{}", failed.join("\n  "), steps(&plan)),
        ));
    }
    let again = site.read(tenant).ok_or_else(unread)?;
    let mut next = planned(&again, &allow)?;
    // What an admin left pending is carried out before the rows that wait for it.
    let waited = |blocked: &Blocked| blocked.reason == BlockedReason::UserNamesPending;
    if plan.blocked.iter().any(waited) {
        if !next.is_applyable() {
            counts.refused += 1;
            return Ok(());
        }
        let outcome = site.apply(tenant, &next);
        let again = site.read(tenant).ok_or_else(unread)?;
        let second = next;
        next = planned(&again, &Allowances::default())?;
        if !next.is_empty() {
            return Err(Fault::new(
                Promise::NextPlanIsEmpty,
                format!(
                    "still planned:\n{}\nafter\n{}\nand\n{}\n{:#?}",
                    steps(&next),
                    steps(&plan),
                    steps(&second),
                    outcome.steps
                ),
            ));
        }
    }
    // A row stays while a secret that cannot be read may be a token of its identity, and goes
    // when the plan gave its identity another name, with which ISC takes the tokens away.
    let was_unread = |step: &Step| {
        let mut blocked = plan.blocked.iter();
        matches!(step.address, Address::Account(_))
            && blocked.any(|one| one.address == step.address && one.reason == BlockedReason::Unread)
    };
    if !next.steps.iter().all(was_unread) {
        return Err(Fault::new(
            Promise::NextPlanIsEmpty,
            format!("still planned:\n{}\nafter\n{}", steps(&next), steps(&plan)),
        ));
    }
    complete(tenant, &next, &site.view(), counts)
}

/// The steps of a plan, a line each.
pub(crate) fn steps(plan: &Plan) -> String {
    let line = |step: &Step| format!("  {:?} {} ({:?})", step.action, step.address, step.reason);
    plan.steps.iter().map(line).collect::<Vec<_>>().join("\n")
}
