//! Classifies whether a token can be the issuer token of an account.

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

/// Classifies a token by the identity of the account, the owner of the token, and
/// the token as the tenant lists it.
pub(super) fn eligibility<'a>(
    identity: Option<&'a IdentityId>,
    owner: Option<&'a IdentityId>,
    token: Option<&LiveToken>,
) -> Eligibility<'a> {
    let Some(expected) = identity else {
        return Eligibility::NoIdentity;
    };
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
            assert_eq!(eligibility(identity, owner, token.as_ref()), expected);
        }
    }
}
