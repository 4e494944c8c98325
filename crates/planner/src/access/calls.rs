//! Calls that a run makes, and which specs lead to them.

use catalog::Operation;
use model::{Spec, UnmanagedAccounts, WantedStatus};
use std::collections::BTreeMap;

/// As whom, and for what, steersman makes a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Caller {
    /// With its own token, to plan.
    Plan,
    /// With its own token, to apply.
    Apply,
    /// With its own token, where that is allowed; else it does without.
    Helpful,
    /// With an account's issuer token, or with a delivered token, as its owner.
    Owner,
    /// With its own token, when a command asks for it that is neither `plan` nor `apply`.
    OnRequest,
}

/// A call, and when it is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    call: &'static str,
    pub(super) caller: Caller,
    /// What it is made for.
    pub(super) why: &'static str,
    /// Whether it is about the objects of all users.
    pub(super) of_everybody: bool,
    /// Whether only an ISC admin may make it, though ISC's description names no level.
    pub(super) admin: bool,
    when: fn(&Facts) -> bool,
}

impl Row {
    /// Its operation; none where ISC's description does not have it.
    pub(super) fn operation(&self) -> Option<&'static Operation> {
        catalog::find_call(self.call)
            .ok()
            .map(|call| call.operation)
    }
}

/// What of a spec decides about calls.
#[derive(Clone, Copy, Debug, Default)]
struct Facts {
    sources: bool,
    managed: bool,
    rows: bool,
    profiles: bool,
    invites: bool,
    identities: bool,
    levels: bool,
    own_levels: bool,
    tokens: bool,
}

impl Facts {
    fn of(spec: &Spec) -> Self {
        let wanted = crate::wanted(spec, &BTreeMap::new());
        let managed = || spec.sources.values().filter_map(|source| source.managed());
        let deletes = managed().any(|source| source.unmanaged == UnmanagedAccounts::Delete);
        let profiles = || managed().filter_map(|source| source.identity_profile.as_ref());
        let accounts = || wanted.accounts.values();
        let levels = deletes || accounts().any(|account| account.levels.is_some());
        Self {
            sources: !wanted.sources.is_empty(),
            managed: managed().next().is_some(),
            rows: deletes || spec.accounts.values().any(|account| account.row.is_some()),
            profiles: profiles().next().is_some(),
            invites: profiles().any(|profile| profile.invite),
            identities: levels
                || !wanted.owners.is_empty()
                || accounts().any(|account| account.status != WantedStatus::No),
            levels,
            own_levels: !wanted.unknown_levels.is_empty(),
            tokens: wanted.tokens,
        }
    }
}

const fn row(
    caller: Caller,
    call: &'static str,
    why: &'static str,
    when: fn(&Facts) -> bool,
) -> Row {
    Row {
        call,
        caller,
        why,
        of_everybody: false,
        admin: false,
        when,
    }
}

/// A call about the objects of all users, which only an ISC admin may make.
const fn of_everybody(row: Row) -> Row {
    Row {
        of_everybody: true,
        admin: true,
        ..row
    }
}

/// A call that only an ISC admin may make.
const fn by_admin(row: Row) -> Row {
    Row { admin: true, ..row }
}

use Caller::{Apply, Helpful, OnRequest, Owner, Plan};

/// All calls. A test compares them with those that `isc` can make.
const CALLS: &[Row] = &[
    row(Plan, "GET /sources/v1", "read the sources", |facts| {
        facts.sources
    }),
    row(
        Plan,
        "GET /sources/v1/{id}/schemas",
        "read the account schemas",
        |facts| facts.managed,
    ),
    row(
        Plan,
        "GET /identity-profiles/v1",
        "read the identity profiles",
        |facts| facts.sources,
    ),
    row(Plan, "GET /accounts/v1", "read the accounts", |facts| {
        facts.sources
    }),
    row(
        Plan,
        "GET /identities/v1",
        "read owners and the identities of accounts",
        |facts| facts.identities,
    ),
    row(
        Plan,
        "GET /identities/v1/{id}",
        "read owners and the identities of accounts",
        |facts| facts.identities,
    ),
    row(
        Plan,
        "GET /auth-users/v1/{id}",
        "read user levels",
        |facts| facts.levels,
    ),
    row(
        Plan,
        "GET /authorization/v1/custom-user-levels",
        "read the tenant's own user levels",
        |facts| facts.own_levels,
    ),
    of_everybody(row(
        Plan,
        "GET /personal-access-tokens/v1",
        "read the tokens of the accounts",
        |facts| facts.tokens,
    )),
    row(
        Helpful,
        "GET /authorization/v1/custom-user-levels",
        "read user levels in fewer requests",
        |facts| facts.levels,
    ),
    row(
        Helpful,
        "POST /authorization/v1/user-levels/get-identity-count",
        "read user levels in fewer requests",
        |facts| facts.levels,
    ),
    row(
        Helpful,
        "GET /authorization/v1/user-levels/{id}/identities",
        "read user levels in fewer requests",
        |facts| facts.levels,
    ),
    row(
        Helpful,
        "GET /task-status/v1",
        "compare the accounts with what their last import counted",
        |facts| facts.managed,
    ),
    row(
        Apply,
        "GET /task-status/v1",
        "wait for imports and invitations",
        |facts| facts.managed,
    ),
    row(
        Apply,
        "GET /task-status/v1/{id}",
        "wait for imports and invitations",
        |facts| facts.managed,
    ),
    row(Apply, "POST /sources/v1", "create sources", |facts| {
        facts.managed
    }),
    row(Apply, "PATCH /sources/v1/{id}", "change sources", |facts| {
        facts.managed
    }),
    row(
        Apply,
        "GET /sources/v1/{id}/schemas/{schema}",
        "change account schemas",
        |facts| facts.managed,
    ),
    row(
        Apply,
        "PUT /sources/v1/{id}/schemas/{schema}",
        "change account schemas",
        |facts| facts.managed,
    ),
    row(
        Apply,
        "GET /sources/v1/{id}/schemas/accounts",
        "import accounts",
        |facts| facts.rows,
    ),
    row(
        Apply,
        "POST /sources/v1/{id}/load-accounts",
        "import accounts",
        |facts| facts.rows,
    ),
    row(
        Apply,
        "POST /identity-profiles/v1",
        "create identity profiles",
        |facts| facts.profiles,
    ),
    row(
        Apply,
        "GET /identity-profiles/v1/{id}",
        "change identity profiles",
        |facts| facts.profiles,
    ),
    row(
        Apply,
        "PATCH /identity-profiles/v1/{id}",
        "change identity profiles",
        |facts| facts.profiles,
    ),
    row(
        Apply,
        "POST /identity-profiles/v1/{id}/process-identities",
        "process identities",
        |facts| facts.profiles,
    ),
    row(
        Apply,
        "POST /identities/v1/invite",
        "invite identities",
        |facts| facts.invites,
    ),
    by_admin(row(
        Apply,
        "PATCH /auth-users/v1/{id}",
        "grant and remove user levels",
        |facts| facts.levels,
    )),
    of_everybody(row(
        Apply,
        "DELETE /personal-access-tokens/v1/{id}",
        "revoke tokens of the accounts",
        |facts| facts.tokens,
    )),
    row(
        Owner,
        "POST /personal-access-tokens/v1",
        "create tokens",
        |facts| facts.tokens,
    ),
    row(
        Owner,
        "PATCH /personal-access-tokens/v1/{id}",
        "change and rotate tokens",
        |facts| facts.tokens,
    ),
    row(
        Owner,
        "GET /personal-access-tokens/v1",
        "verify tokens",
        |facts| facts.tokens,
    ),
    row(
        Owner,
        "DELETE /personal-access-tokens/v1/{id}",
        "revoke tokens",
        |facts| facts.tokens,
    ),
    row(
        OnRequest,
        "PATCH /personal-access-tokens/v1/bulk-update",
        "disable tokens",
        |facts| facts.tokens,
    ),
];

/// The calls that a spec leads to.
pub(super) fn of(spec: &Spec) -> impl Iterator<Item = &'static Row> {
    let facts = Facts::of(spec);
    CALLS.iter().filter(move |row| (row.when)(&facts))
}

/// All calls that steersman makes, for whatever spec.
pub fn every_call() -> impl Iterator<Item = (&'static str, Caller)> {
    CALLS.iter().map(|row| (row.call, row.caller))
}
