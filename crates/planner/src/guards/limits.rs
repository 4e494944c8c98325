//! How much one plan may delete or remove.

use super::registry::GuardInfo;
use crate::draft::Draft;
use model::{
    Action, Collection, GuardReport, Limit, Live, Operation, Reason, RowChange, Spec, Step, Verdict,
};
use std::collections::BTreeSet;

/// Deleted accounts.
pub(crate) const DELETE_ACCOUNTS: GuardInfo = GuardInfo {
    name: "deleteAccounts",
    about: "accounts that the plan deletes: at most 2, or what `policy.limits.deleteAccounts` says",
    allowable: true,
};
/// Revoked tokens.
pub(crate) const DELETE_TOKENS: GuardInfo = GuardInfo {
    name: "deleteTokens",
    about: "tokens that the plan revokes, those of replaced ones left out: at most 10, or what `policy.limits.deleteTokens` says",
    allowable: true,
};
/// Levels taken away.
pub(crate) const REMOVE_LEVELS: GuardInfo = GuardInfo {
    name: "removeLevels",
    about: "user levels that the plan takes away, one for each account and level: at most 10, or what `policy.limits.removeLevels` says",
    allowable: true,
};
/// Changed account names.
pub(crate) const RENAME_ACCOUNTS: GuardInfo = GuardInfo {
    name: "renameAccounts",
    about: "accounts whose `name` changes, which may re-create the identity and end its tokens: none without consent",
    allowable: true,
};

/// Counts against each limit; says something only where one is passed.
pub(crate) fn run(spec: &Spec, live: &Live, draft: &Draft) -> Vec<GuardReport> {
    let accounts: u64 = live
        .sources
        .values()
        .filter_map(|source| source.found().as_ref())
        .map(|source| count(source.accounts.found().len()))
        .sum();
    let owners: BTreeSet<_> = live
        .sources
        .values()
        .filter_map(|source| source.found().as_ref())
        .flat_map(|source| source.accounts.found())
        .filter_map(|account| account.identity.as_ref())
        .collect();
    let tokens = count(
        live.tokens
            .found()
            .iter()
            .filter(|token| owners.contains(&token.owner))
            .count(),
    );
    let levels: u64 = live
        .levels
        .values()
        .map(Collection::found)
        .map(|levels| count(levels.len()))
        .sum();

    let deleted = sum(draft, |step| {
        u64::from(matches!(
            step.operation,
            Operation::ImportRow {
                change: RowChange::Delete,
                ..
            }
        ))
    });
    let revoked = sum(draft, |step| {
        u64::from(
            matches!(step.operation, Operation::RevokeToken { .. })
                && step.reason != Reason::OverlapOver,
        )
    });
    let removed = sum(draft, removed_levels);
    let renamed = sum(draft, |step| {
        u64::from(
            matches!(step.operation, Operation::ImportRow { .. })
                && step.action == Action::Update
                && step.destructive,
        )
    });
    [
        check(
            spec,
            DELETE_ACCOUNTS,
            Limit::Count(2),
            deleted,
            accounts,
            "deletes",
            "account",
        ),
        check(
            spec,
            DELETE_TOKENS,
            Limit::Count(10),
            revoked,
            tokens,
            "revokes",
            "token",
        ),
        check(
            spec,
            REMOVE_LEVELS,
            Limit::Count(10),
            removed,
            levels,
            "takes away",
            "user level",
        ),
        check(
            spec,
            RENAME_ACCOUNTS,
            Limit::Count(0),
            renamed,
            accounts,
            "renames",
            "account",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn check(
    spec: &Spec,
    guard: GuardInfo,
    default: Limit,
    counted: u64,
    there: u64,
    verb: &str,
    noun: &str,
) -> Option<GuardReport> {
    let limit = spec
        .policy
        .limits
        .get(guard.name)
        .copied()
        .unwrap_or(default);
    let allowed = match limit {
        Limit::Count(count) => u64::from(count),
        // At least one, so that a share never makes a small tenant unchangeable.
        Limit::Share(share) => (there * u64::from(share.get()) / 100).max(1),
    };
    (counted > allowed).then(|| GuardReport {
        name: guard.name,
        verdict: Verdict::Refused,
        counted,
        limit: allowed,
        message: format!(
            "the plan {verb} {counted} {noun}{} of {there}; the limit is {limit}",
            if counted == 1 { "" } else { "s" }
        ),
        remedy: format!(
            "if this is meant, pass `--allow {}={counted}` once, or change `policy.limits.{}`",
            guard.name, guard.name
        ),
    })
}

fn removed_levels(step: &Step) -> u64 {
    if !matches!(step.operation, Operation::SetLevels { .. }) {
        return 0;
    }
    let names = |fields: &Option<model::Fields>| -> BTreeSet<String> {
        fields
            .iter()
            .filter_map(|fields| fields.get("userLevels")?.as_array())
            .flatten()
            .filter_map(|level| level.as_str().map(str::to_owned))
            .collect()
    };
    count(names(&step.before).difference(&names(&step.after)).count())
}

fn sum(draft: &Draft, of: impl Fn(&Step) -> u64) -> u64 {
    draft.steps.iter().map(of).sum()
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
