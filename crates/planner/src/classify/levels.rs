//! Classifies user levels: matching, different, granted later, blocked, unread.

use super::identity::IdentityOutcome;
use crate::unlisted::AccountsUnread;
use model::ownership::{Against, Doubt, Ownership};
use model::{Collection, IdentityId, Incomplete, UserLevel};
use std::collections::BTreeSet;

/// How declared user levels compare with those that the identity holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LevelsOutcome<'a> {
    /// The accounts of the source were not read completely.
    AccountsUnread(&'a Incomplete),
    /// The identity's levels were not read completely.
    Unread(&'a Incomplete),
    /// Levels would be removed, and a declared account that was not read may have
    /// the same identity.
    ClaimsUnread(&'a AccountsUnread),
    /// The identity is not the account's own.
    NotOwn {
        /// The identity.
        identity: &'a IdentityId,
        /// What speaks against it.
        against: Against<'a>,
    },
    /// They would change, and whose the identity is is not settled.
    Doubted(Doubt<'a>),
    /// They would change, and nothing shows that the identity is the account's own.
    OwnershipUnknown(&'a IdentityId),
    /// The identity's levels were not looked up.
    NotRead,
    /// The identity holds exactly the declared levels.
    Matches,
    /// The identity holds other levels.
    Differs {
        /// The identity.
        identity: &'a IdentityId,
        /// What it holds.
        held: &'a BTreeSet<UserLevel>,
    },
    /// They are set once identity processing has created the identity, or has
    /// settled which one the account keeps.
    AfterProcessing {
        /// The levels of the identity that a renamed account has now, where
        /// they differ.
        held: Option<&'a BTreeSet<UserLevel>>,
    },
    /// Whether the account has or gets an identity is not known, because the
    /// identity profile was not read.
    ProfileUnread(&'a Incomplete),
    /// A source that others manage has no such account.
    NoAccount,
    /// The account has no identity, and nothing in this plan creates one.
    NoIdentity,
}

/// Classifies the levels of an account that declares them. `observed` are the
/// levels of the identity that the account has now, and `claims_unread` is why not
/// all declared accounts are known.
pub(crate) fn classify<'a>(
    declared: &BTreeSet<UserLevel>,
    identity: IdentityOutcome<'a>,
    observed: Option<&'a Collection<BTreeSet<UserLevel>>>,
    claims_unread: Option<&'a AccountsUnread>,
    ownership: Option<Ownership<'a>>,
) -> LevelsOutcome<'a> {
    let observed = observed.map(Collection::complete);
    if let (Some(Ok(held)), Some(unread)) = (observed, claims_unread)
        && !held.is_subset(declared)
        && matches!(
            identity,
            IdentityOutcome::Known(_) | IdentityOutcome::Unsettled
        )
    {
        return LevelsOutcome::ClaimsUnread(unread);
    }
    match identity {
        IdentityOutcome::AccountsUnread(why) => LevelsOutcome::AccountsUnread(why),
        IdentityOutcome::ProfileUnread(why) => LevelsOutcome::ProfileUnread(why),
        IdentityOutcome::NotOwn { identity, against } => {
            LevelsOutcome::NotOwn { identity, against }
        }
        IdentityOutcome::Known(identity) => match observed {
            None => LevelsOutcome::NotRead,
            Some(Err(why)) => LevelsOutcome::Unread(why),
            Some(Ok(held)) if held == declared => LevelsOutcome::Matches,
            Some(Ok(held)) => match (ownership.and_then(Ownership::doubt), ownership) {
                (Some(doubt), _) => LevelsOutcome::Doubted(doubt),
                (None, Some(Ownership::Unknown | Ownership::NotRead)) => {
                    LevelsOutcome::OwnershipUnknown(identity)
                }
                (None, _) => LevelsOutcome::Differs { identity, held },
            },
        },
        // An identity that a renamed account keeps may hold levels.
        IdentityOutcome::Unsettled => LevelsOutcome::AfterProcessing {
            held: observed
                .and_then(Result::ok)
                .filter(|held| *held != declared),
        },
        // One that outlived its account holds what it held.
        IdentityOutcome::Created if observed.is_some_and(|held| held.is_ok()) => {
            LevelsOutcome::AfterProcessing {
                held: observed
                    .and_then(Result::ok)
                    .filter(|held| *held != declared),
            }
        }
        // A new identity holds none.
        IdentityOutcome::Created | IdentityOutcome::NoAccount | IdentityOutcome::NoIdentity
            if declared.is_empty() =>
        {
            LevelsOutcome::Matches
        }
        IdentityOutcome::Created => LevelsOutcome::AfterProcessing { held: None },
        IdentityOutcome::NoAccount => LevelsOutcome::NoAccount,
        IdentityOutcome::NoIdentity => LevelsOutcome::NoIdentity,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{forbidden, incomplete};

    #[test]
    fn each_outcome() {
        let (why, id): (Incomplete, IdentityId) = (incomplete(), "i".into());
        let declared: BTreeSet<UserLevel> = ["REPORT_ADMIN".into()].into();
        let none = BTreeSet::new();
        let held: BTreeSet<UserLevel> = ["HELPDESK".into()].into();
        let same = Collection::Complete(declared.clone());
        let other = Collection::Complete(held.clone());
        let unread = forbidden();
        let known = IdentityOutcome::Known(&id);
        let later = |held| LevelsOutcome::AfterProcessing { held };
        for (declared, identity, observed, expected) in [
            (
                &declared,
                IdentityOutcome::AccountsUnread(&why),
                None,
                LevelsOutcome::AccountsUnread(&why),
            ),
            (&declared, known, None, LevelsOutcome::NotRead),
            (
                &declared,
                known,
                Some(&unread),
                LevelsOutcome::Unread(unread.complete().unwrap_err()),
            ),
            (&declared, known, Some(&same), LevelsOutcome::Matches),
            (
                &declared,
                known,
                Some(&other),
                LevelsOutcome::Differs {
                    identity: &id,
                    held: &held,
                },
            ),
            (
                &declared,
                IdentityOutcome::Unsettled,
                Some(&other),
                later(Some(&held)),
            ),
            (
                &declared,
                IdentityOutcome::Unsettled,
                Some(&same),
                later(None),
            ),
            (
                &declared,
                IdentityOutcome::Unsettled,
                Some(&unread),
                later(None),
            ),
            (&none, IdentityOutcome::Unsettled, None, later(None)),
            (&declared, IdentityOutcome::Created, None, later(None)),
            // It outlived its account.
            (
                &declared,
                IdentityOutcome::Created,
                Some(&other),
                later(Some(&held)),
            ),
            (
                &none,
                IdentityOutcome::Created,
                Some(&other),
                later(Some(&held)),
            ),
            (
                &declared,
                IdentityOutcome::Created,
                Some(&same),
                later(None),
            ),
            (
                &declared,
                IdentityOutcome::Created,
                Some(&unread),
                later(None),
            ),
            (
                &none,
                IdentityOutcome::Created,
                Some(&unread),
                LevelsOutcome::Matches,
            ),
            (
                &none,
                IdentityOutcome::Created,
                None,
                LevelsOutcome::Matches,
            ),
            (
                &declared,
                IdentityOutcome::NoAccount,
                None,
                LevelsOutcome::NoAccount,
            ),
            (
                &declared,
                IdentityOutcome::NoIdentity,
                None,
                LevelsOutcome::NoIdentity,
            ),
        ] {
            assert_eq!(classify(declared, identity, observed, None, None), expected);
        }
    }
}
