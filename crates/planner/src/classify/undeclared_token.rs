//! Classifies a token that the account does not declare: claimed, retiring, revoked, reported.

use super::issuer::UnknownIssuer;
use crate::unlisted::AccountsUnread;
use jiff::Timestamp;
use model::ownership::Doubt;
use model::{Address, LiveToken, UnmanagedTokens, retiring};

/// What happens to a token of a managed account that the account does not declare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UndeclaredTokenOutcome<'a> {
    /// A declared account of the same identity declares it or has it as issuer.
    Claimed,
    /// It was replaced, and is kept for its overlap.
    Retiring,
    /// Its overlap is over, and it is kept because its successor does not exist, or is not
    /// in its place, and nothing of this plan changes that.
    KeptWithoutSuccessor,
    /// It was replaced, and was used since. It is kept until this time, while it is used.
    StillUsed(Timestamp),
    /// It was replaced, and is no longer needed once these steps are done.
    OverlapOver {
        /// The step that creates its successor, where this plan has one.
        after: Option<Address>,
        /// Whether the store of its successor was not asked, and is assumed to have it.
        assumes_successor: bool,
    },
    /// Its overlap is over, and whether its successor's secret is in its store is not
    /// known, because the store was not asked.
    SuccessorNotAsked,
    /// It is reported and kept.
    Reported,
    /// It is kept, and whether it is an issuer is not known, because a store was not asked.
    IssuerOrReported,
    /// It is kept because it may be the issuer to be: no issuer is usable yet.
    MayBeIssuer,
    /// It would be revoked, and a declared account that was not read may own it.
    ClaimsUnread(&'a AccountsUnread),
    /// It would be revoked, and whose the identity is is not settled.
    Doubted(Doubt<'a>),
    /// It would be revoked by policy, and nothing shows that the identity is the
    /// account's own.
    OwnershipUnknown,
    /// Whether it is an issuer is not known, because a store could not be read.
    StoreUnreadable(&'a str),
    /// Whether it is an issuer is not known, because a store was not asked.
    StoreNotAsked,
    /// It is revoked by policy.
    Revoked,
}

/// What is known about a token, beyond the token itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    /// Whether a declared account of the identity claims it.
    pub(crate) claim: Claim<'a>,
    /// Why it is not settled whose the identity is.
    pub(crate) doubt: Option<Doubt<'a>>,
    /// Whether the identity was looked up, and nothing shows whose it is.
    pub(crate) is_unknown: bool,
    /// Why a store does not show which token of the identity is an issuer.
    pub(crate) unknown_issuer: Option<UnknownIssuer<'a>>,
    /// Whether the account declares an issuer and none is usable.
    pub(crate) lacks_issuer: bool,
    /// What happens to undeclared tokens.
    pub(crate) policy: UnmanagedTokens,
    /// The tenant's time.
    pub(crate) now: Timestamp,
}

/// Whether a declared account claims a token.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Claim<'a> {
    /// One declares it or has it as its issuer.
    Claimed,
    /// None does.
    Unclaimed,
    /// None does that was read.
    Unread(&'a AccountsUnread),
}

/// The state of a retiring token's successor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Successor {
    /// No file declares a token of the earlier name.
    NotDeclared,
    /// It exists, and its secret was delivered.
    Present,
    /// It exists, and its store was not asked, and is assumed to have its secret.
    Assumed,
    /// It exists, and its store was not asked.
    NotAsked,
    /// It exists for less than the overlap, or this plan creates it.
    Young,
    /// It exists, and the replaced token was used since; until when that one is kept.
    StillNeeded(Timestamp),
    /// This plan creates or replaces it, and there is no overlap.
    Planned(Address),
    /// It does not exist, or its secret was lost, and this plan has no step for it.
    Missing,
}

/// Classifies a token that the account does not declare. `successor` is asked
/// for the earlier name of a token whose overlap is over.
///
/// A run that was killed after it had renamed a token leaves it without a
/// successor, and what uses it still uses it. So it is not enough that the day
/// in its name is over: the overlap begins with the successor.
pub(crate) fn classify<'a>(
    observed: &LiveToken,
    context: Context<'a>,
    successor: impl FnOnce(&model::TokenName) -> Successor,
) -> UndeclaredTokenOutcome<'a> {
    let LiveToken {
        id,
        name,
        owner: _,
        // They are asked for as a whole: whether it could be an issuer.
        scopes: _,
        created: _,
        expires: _,
        // Compared with its successor, which is asked for.
        last_used: _,
        access_token_validity: _,
        managed: _,
    } = observed;
    let Context {
        claim,
        doubt,
        is_unknown,
        unknown_issuer,
        lacks_issuer,
        policy,
        now,
    } = context;
    let unread = match claim {
        Claim::Claimed => return UndeclaredTokenOutcome::Claimed,
        Claim::Unclaimed => None,
        Claim::Unread(unread) => Some(unread),
    };
    if let Some((earlier, until)) = retiring::parse(name, id) {
        if until > now {
            return UndeclaredTokenOutcome::Retiring;
        }
        if let Some(unread) = unread {
            return UndeclaredTokenOutcome::ClaimsUnread(unread);
        }
        if let Some(doubt) = doubt {
            return UndeclaredTokenOutcome::Doubted(doubt);
        }
        return match successor(&earlier) {
            Successor::NotDeclared | Successor::Present => UndeclaredTokenOutcome::OverlapOver {
                after: None,
                assumes_successor: false,
            },
            Successor::Assumed => UndeclaredTokenOutcome::OverlapOver {
                after: None,
                assumes_successor: true,
            },
            Successor::NotAsked => UndeclaredTokenOutcome::SuccessorNotAsked,
            Successor::Planned(address) => UndeclaredTokenOutcome::OverlapOver {
                after: Some(address),
                assumes_successor: false,
            },
            Successor::Young => UndeclaredTokenOutcome::Retiring,
            Successor::Missing => UndeclaredTokenOutcome::KeptWithoutSuccessor,
            Successor::StillNeeded(until) => UndeclaredTokenOutcome::StillUsed(until),
        };
    }
    if let (UnmanagedTokens::Revoke, None, Some(doubt)) = (policy, unread, doubt) {
        return UndeclaredTokenOutcome::Doubted(doubt);
    }
    // A person's tokens are not told from those of an account by their names.
    if let (UnmanagedTokens::Revoke, None, true) = (policy, unread, is_unknown) {
        return UndeclaredTokenOutcome::OwnershipUnknown;
    }
    match (policy, unread, unknown_issuer) {
        (UnmanagedTokens::Report, None, Some(UnknownIssuer::NotAsked)) if observed.may_issue() => {
            UndeclaredTokenOutcome::IssuerOrReported
        }
        (UnmanagedTokens::Report, _, _) => UndeclaredTokenOutcome::Reported,
        (UnmanagedTokens::Revoke, Some(unread), _) => UndeclaredTokenOutcome::ClaimsUnread(unread),
        // It may be the issuer, without which the account has to enroll again.
        (UnmanagedTokens::Revoke, None, Some(UnknownIssuer::Unreadable(why))) => {
            UndeclaredTokenOutcome::StoreUnreadable(why)
        }
        (UnmanagedTokens::Revoke, None, Some(UnknownIssuer::NotAsked)) if observed.may_issue() => {
            UndeclaredTokenOutcome::StoreNotAsked
        }
        (UnmanagedTokens::Revoke, None, None) if lacks_issuer => {
            UndeclaredTokenOutcome::MayBeIssuer
        }
        (UnmanagedTokens::Revoke, None, None | Some(UnknownIssuer::NotAsked)) => {
            UndeclaredTokenOutcome::Revoked
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{NOW, incomplete, live_token};

    #[test]
    fn each_outcome() {
        let context = Context {
            claim: Claim::Unclaimed,
            doubt: None,
            is_unknown: false,
            unknown_issuer: None,
            lacks_issuer: false,
            policy: UnmanagedTokens::Revoke,
            now: NOW,
        };
        let step: Address = "token/SA-001/a".parse().unwrap();
        let (over, open) = ("a~retiring-20251231-cd52", "a~retiring-20260101-cd52");
        let missing = Successor::Missing;
        let unread = AccountsUnread {
            source: "Active Directory".into(),
            why: incomplete(),
        };
        for (name, context, successor, expected) in [
            (
                "a",
                Context {
                    claim: Claim::Claimed,
                    ..context
                },
                &missing,
                UndeclaredTokenOutcome::Claimed,
            ),
            (open, context, &missing, UndeclaredTokenOutcome::Retiring),
            (
                over,
                context,
                &missing,
                UndeclaredTokenOutcome::KeptWithoutSuccessor,
            ),
            (
                over,
                context,
                &Successor::Present,
                UndeclaredTokenOutcome::OverlapOver {
                    after: None,
                    assumes_successor: false,
                },
            ),
            // Names of this form that steersman did not give: a token like any other.
            (
                "a~retiring-20251231-0000",
                Context {
                    policy: UnmanagedTokens::Report,
                    ..context
                },
                &Successor::Present,
                UndeclaredTokenOutcome::Reported,
            ),
            (
                "a~retiring-20251231",
                Context {
                    policy: UnmanagedTokens::Report,
                    ..context
                },
                &Successor::Present,
                UndeclaredTokenOutcome::Reported,
            ),
            (
                "a~retiring-20251231",
                context,
                &Successor::Missing,
                UndeclaredTokenOutcome::Revoked,
            ),
            (
                over,
                context,
                &Successor::Assumed,
                UndeclaredTokenOutcome::OverlapOver {
                    after: None,
                    assumes_successor: true,
                },
            ),
            (
                over,
                context,
                &Successor::NotAsked,
                UndeclaredTokenOutcome::SuccessorNotAsked,
            ),
            (
                over,
                context,
                &Successor::NotDeclared,
                UndeclaredTokenOutcome::OverlapOver {
                    after: None,
                    assumes_successor: false,
                },
            ),
            (
                over,
                context,
                &Successor::Planned(step.clone()),
                UndeclaredTokenOutcome::OverlapOver {
                    after: Some(step.clone()),
                    assumes_successor: false,
                },
            ),
            (
                "a",
                Context {
                    policy: UnmanagedTokens::Report,
                    ..context
                },
                &missing,
                UndeclaredTokenOutcome::Reported,
            ),
            (
                "a",
                Context {
                    lacks_issuer: true,
                    ..context
                },
                &missing,
                UndeclaredTokenOutcome::MayBeIssuer,
            ),
            (
                "a",
                Context {
                    unknown_issuer: Some(UnknownIssuer::Unreadable("no key")),
                    lacks_issuer: true,
                    ..context
                },
                &missing,
                UndeclaredTokenOutcome::StoreUnreadable("no key"),
            ),
            ("a", context, &missing, UndeclaredTokenOutcome::Revoked),
            (
                "a",
                Context {
                    is_unknown: true,
                    ..context
                },
                &missing,
                UndeclaredTokenOutcome::OwnershipUnknown,
            ),
            // steersman itself named it.
            (
                over,
                Context {
                    is_unknown: true,
                    ..context
                },
                &Successor::Present,
                UndeclaredTokenOutcome::OverlapOver {
                    after: None,
                    assumes_successor: false,
                },
            ),
            (
                over,
                context,
                &Successor::StillNeeded(NOW),
                UndeclaredTokenOutcome::StillUsed(NOW),
            ),
            (
                over,
                context,
                &Successor::Young,
                UndeclaredTokenOutcome::Retiring,
            ),
            (
                "a",
                Context {
                    claim: Claim::Unread(&unread),
                    ..context
                },
                &missing,
                UndeclaredTokenOutcome::ClaimsUnread(&unread),
            ),
            (
                over,
                Context {
                    claim: Claim::Unread(&unread),
                    ..context
                },
                &Successor::Present,
                UndeclaredTokenOutcome::ClaimsUnread(&unread),
            ),
            (
                "a",
                Context {
                    claim: Claim::Unread(&unread),
                    policy: UnmanagedTokens::Report,
                    ..context
                },
                &missing,
                UndeclaredTokenOutcome::Reported,
            ),
        ] {
            let token = live_token(name, "i", &[]);
            let outcome = classify(&token, context, |_| successor.clone());
            assert_eq!(outcome, expected, "{name}");
        }
    }
}
