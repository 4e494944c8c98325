//! Classifies whether a token can be the issuer token of an account.

use model::ownership::{Against, Ownership, Unread};
use model::{IdentityId, LiveToken};

/// The scope that lets a token manage its owner's tokens.
pub(super) const MANAGE: &str = LiveToken::ISSUER_SCOPE;

/// What a token is to an account that is enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Eligibility<'a> {
    /// It can be the issuer token of this identity.
    Eligible(&'a IdentityId),
    /// The account has no identity yet.
    NoIdentity,
    /// The identity of the account is not known to be its own.
    NotOwn {
        /// The identity of the account.
        identity: &'a IdentityId,
        /// Why.
        doubt: NotKnownOwn<'a>,
    },
    /// Another identity owns it, or none.
    OtherOwner {
        /// The identity of the account.
        expected: &'a IdentityId,
        /// The owner of the token.
        owner: Option<&'a IdentityId>,
    },
    /// It cannot manage its owner's tokens.
    NoManageScope,
}

/// Why the identity of an account is not known to be its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotKnownOwn<'a> {
    /// Something speaks against it.
    Against(Against<'a>),
    /// What would show it was not read completely.
    Unread(Unread<'a>),
}

/// Why the identity is not known to be the account's own; none where nothing speaks
/// against it.
fn doubt(ownership: Ownership<'_>) -> Option<NotKnownOwn<'_>> {
    match ownership {
        Ownership::NotOwn(against) | Ownership::Awaited(against) => {
            Some(NotKnownOwn::Against(against))
        }
        Ownership::Unread(unread) => Some(NotKnownOwn::Unread(unread)),
        // The issuer of an account whose names a transform makes shows it.
        Ownership::Own | Ownership::Approved | Ownership::NotRead | Ownership::Unknown => None,
    }
}

/// Classifies a token by the identity of the account, whose it is, the owner of the
/// token, and the token as the tenant lists it.
pub(super) fn eligibility<'a>(
    identity: Option<&'a IdentityId>,
    ownership: Option<Ownership<'a>>,
    owner: Option<&'a IdentityId>,
    token: Option<&LiveToken>,
) -> Eligibility<'a> {
    let Some(expected) = identity else {
        return Eligibility::NoIdentity;
    };
    if let Some(doubt) = ownership.and_then(doubt) {
        let identity = expected;
        return Eligibility::NotOwn { identity, doubt };
    }
    if owner != Some(expected) {
        return Eligibility::OtherOwner { expected, owner };
    }
    // A token that the list does not have yet is accepted: it has just signed in.
    if token.is_some_and(|token| !token.may_issue()) {
        return Eligibility::NoManageScope;
    }
    Eligibility::Eligible(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(scopes: &[&str]) -> LiveToken {
        LiveToken {
            id: "t".into(),
            name: "issuer".into(),
            owner: "i1".into(),
            scopes: scopes.iter().map(|&scope| scope.into()).collect(),
            created: jiff::Timestamp::UNIX_EPOCH,
            expires: None,
            last_used: None,
            access_token_validity: None,
            managed: false,
        }
    }

    #[test]
    fn every_eligibility() {
        let (own, other) = (IdentityId::new("i1"), IdentityId::new("i2"));
        let eligible = Eligibility::Eligible(&own);
        for (identity, owner, scopes, expected) in [
            (Some(&own), Some(&own), Some(&[MANAGE][..]), eligible),
            (
                Some(&own),
                Some(&own),
                Some(&[catalog::SCOPE_ALL][..]),
                eligible,
            ),
            (Some(&own), Some(&own), Some(&[][..]), eligible),
            (Some(&own), Some(&own), None, eligible),
            (None, Some(&own), None, Eligibility::NoIdentity),
            (
                Some(&own),
                Some(&other),
                None,
                Eligibility::OtherOwner {
                    expected: &own,
                    owner: Some(&other),
                },
            ),
            (
                Some(&own),
                None,
                None,
                Eligibility::OtherOwner {
                    expected: &own,
                    owner: None,
                },
            ),
            (
                Some(&own),
                Some(&own),
                Some(&["sp:search:read"][..]),
                Eligibility::NoManageScope,
            ),
        ] {
            let token = scopes.map(token);
            let found = eligibility(identity, Some(Ownership::Own), owner, token.as_ref());
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_person_is_not_enrolled_as_an_account() {
        let identity = IdentityId::new("i1");
        let why = model::Incomplete::new(model::IncompleteReason::Forbidden, "403");
        let unread = Unread {
            what: model::ownership::Evidence::Profile,
            why: &why,
        };
        let (older, eligible) = (Against::Older, Eligibility::Eligible(&identity));
        let refused = |doubt| Eligibility::NotOwn {
            identity: &identity,
            doubt,
        };
        for (ownership, expected) in [
            (
                Ownership::NotOwn(older),
                refused(NotKnownOwn::Against(older)),
            ),
            (
                Ownership::Awaited(older),
                refused(NotKnownOwn::Against(older)),
            ),
            (
                Ownership::Unread(unread),
                refused(NotKnownOwn::Unread(unread)),
            ),
            (Ownership::Approved, eligible),
            (Ownership::Unknown, eligible),
        ] {
            let found = eligibility(Some(&identity), Some(ownership), Some(&identity), None);
            assert_eq!(found, expected);
        }
    }
}
