//! Calls that a run makes, and which specs lead to them.

use catalog::Operation;
use model::{Spec, UnmanagedAccounts, WantedStatus};
use std::collections::{BTreeMap, BTreeSet};

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
    when: Fact,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fact {
    /// It declares sources.
    Sources,
    /// One of them is managed.
    Managed,
    /// Rows of accounts are imported.
    Rows,
    /// It declares identity profiles.
    Profiles,
    /// Identities are invited.
    Invites,
    /// Identities are read.
    Identities,
    /// User levels are granted or removed.
    Levels,
    /// It names user levels that may be the tenant's own.
    OwnLevels,
    /// It declares tokens.
    Tokens,
}

fn facts(spec: &Spec) -> BTreeSet<Fact> {
    let wanted = crate::wanted(spec, &BTreeMap::new());
    let managed = || spec.sources.values().filter_map(|source| source.managed());
    let deletes = managed().any(|source| source.unmanaged == UnmanagedAccounts::Delete);
    let profiles = || managed().filter_map(|source| source.identity_profile.as_ref());
    let accounts = || wanted.accounts.values();
    let levels = deletes || accounts().any(|account| account.levels.is_some());
    let identities = levels
        || !wanted.owners.is_empty()
        || accounts().any(|account| account.status != WantedStatus::No);
    let rows = deletes || spec.accounts.values().any(|account| account.row.is_some());
    [
        (Fact::Sources, !wanted.sources.is_empty()),
        (Fact::Managed, managed().next().is_some()),
        (Fact::Rows, rows),
        (Fact::Profiles, profiles().next().is_some()),
        (Fact::Invites, profiles().any(|profile| profile.invite)),
        (Fact::Identities, identities),
        (Fact::Levels, levels),
        (Fact::OwnLevels, !wanted.unknown_levels.is_empty()),
        (Fact::Tokens, wanted.tokens),
    ]
    .into_iter()
    .filter_map(|(fact, is_so)| is_so.then_some(fact))
    .collect()
}

const fn row(caller: Caller, call: &'static str, why: &'static str, when: Fact) -> Row {
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
    row(Plan, "GET /sources/v1", "read the sources", Fact::Sources),
    row(
        Plan,
        "GET /sources/v1/{id}/schemas",
        "read the account schemas",
        Fact::Managed,
    ),
    row(
        Plan,
        "GET /identity-profiles/v1",
        "read the identity profiles",
        Fact::Sources,
    ),
    row(Plan, "GET /accounts/v1", "read the accounts", Fact::Sources),
    row(
        Plan,
        "GET /identities/v1",
        "read owners and the identities of accounts",
        Fact::Identities,
    ),
    row(
        Plan,
        "GET /identities/v1/{id}",
        "read owners and the identities of accounts",
        Fact::Identities,
    ),
    row(
        Plan,
        "GET /auth-users/v1/{id}",
        "read user levels",
        Fact::Levels,
    ),
    row(
        Plan,
        "GET /authorization/v1/custom-user-levels",
        "read the tenant's own user levels",
        Fact::OwnLevels,
    ),
    of_everybody(row(
        Plan,
        "GET /personal-access-tokens/v1",
        "read the tokens of the accounts",
        Fact::Tokens,
    )),
    row(
        Helpful,
        "GET /authorization/v1/custom-user-levels",
        "read user levels in fewer requests (it can change the tenant's own levels, too)",
        Fact::Levels,
    ),
    row(
        Helpful,
        "POST /authorization/v1/user-levels/get-identity-count",
        "read user levels in fewer requests (it can change the tenant's own levels, too)",
        Fact::Levels,
    ),
    row(
        Helpful,
        "GET /authorization/v1/user-levels/{id}/identities",
        "read user levels in fewer requests (it can change the tenant's own levels, too)",
        Fact::Levels,
    ),
    row(
        Helpful,
        "GET /task-status/v1",
        "compare the accounts with what their last import counted",
        Fact::Managed,
    ),
    row(
        Apply,
        "GET /task-status/v1",
        "wait for imports and invitations",
        Fact::Managed,
    ),
    row(
        Apply,
        "GET /task-status/v1/{id}",
        "wait for imports and invitations",
        Fact::Managed,
    ),
    row(Apply, "POST /sources/v1", "create sources", Fact::Managed),
    row(
        Apply,
        "PATCH /sources/v1/{id}",
        "change sources",
        Fact::Managed,
    ),
    row(
        Apply,
        "GET /sources/v1/{id}/schemas/{schema}",
        "change account schemas",
        Fact::Managed,
    ),
    row(
        Apply,
        "PUT /sources/v1/{id}/schemas/{schema}",
        "change account schemas",
        Fact::Managed,
    ),
    row(
        Apply,
        "GET /sources/v1/{id}/schemas/accounts",
        "import accounts",
        Fact::Rows,
    ),
    row(
        Apply,
        "POST /sources/v1/{id}/load-accounts",
        "import accounts",
        Fact::Rows,
    ),
    row(
        Apply,
        "POST /identity-profiles/v1",
        "create identity profiles",
        Fact::Profiles,
    ),
    row(
        Apply,
        "GET /identity-profiles/v1/{id}",
        "change identity profiles",
        Fact::Profiles,
    ),
    row(
        Apply,
        "PATCH /identity-profiles/v1/{id}",
        "change identity profiles",
        Fact::Profiles,
    ),
    row(
        Apply,
        "POST /identity-profiles/v1/{id}/process-identities",
        "process identities",
        Fact::Profiles,
    ),
    row(
        Apply,
        "POST /identities/v1/invite",
        "invite identities",
        Fact::Invites,
    ),
    by_admin(row(
        Apply,
        "PATCH /auth-users/v1/{id}",
        "grant and remove user levels",
        Fact::Levels,
    )),
    of_everybody(row(
        Apply,
        "DELETE /personal-access-tokens/v1/{id}",
        "revoke tokens of the accounts",
        Fact::Tokens,
    )),
    row(
        Owner,
        "POST /personal-access-tokens/v1",
        "create tokens",
        Fact::Tokens,
    ),
    row(
        Owner,
        "PATCH /personal-access-tokens/v1/{id}",
        "change and rotate tokens",
        Fact::Tokens,
    ),
    row(
        Owner,
        "GET /personal-access-tokens/v1",
        "verify tokens",
        Fact::Tokens,
    ),
    row(
        Owner,
        "DELETE /personal-access-tokens/v1/{id}",
        "revoke tokens",
        Fact::Tokens,
    ),
    row(
        OnRequest,
        "PATCH /personal-access-tokens/v1/bulk-update",
        "disable tokens",
        Fact::Tokens,
    ),
    row(
        OnRequest,
        "POST /search/v1",
        "ask who made a change, for `drift --who`",
        Fact::Sources,
    ),
];

/// The calls that a spec leads to.
pub(super) fn of(spec: &Spec) -> impl Iterator<Item = &'static Row> {
    let facts = facts(spec);
    CALLS.iter().filter(move |row| facts.contains(&row.when))
}

/// Whether steersman's own calls of an operation are about the objects of all users.
pub(crate) fn is_of_everybody(operation: &Operation) -> bool {
    let of_this = CALLS.iter().filter(|row| {
        row.operation()
            .is_some_and(|known| known.id == operation.id)
    });
    of_this
        .filter(|row| row.caller != Caller::Owner)
        .any(|row| row.of_everybody)
}

/// All calls that steersman makes, for whatever spec.
pub fn every_call() -> impl Iterator<Item = (&'static str, Caller)> {
    CALLS.iter().map(|row| (row.call, row.caller))
}
