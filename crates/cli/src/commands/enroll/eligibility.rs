//! Classifies whether an account can be enrolled, and whether a token can be its issuer.

use model::LiveToken;
use model::ownership::{Against, Ownership, Unread};

/// What a token of the account's own identity is to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Eligibility {
    /// It can be the issuer token.
    Eligible,
    /// It cannot manage its owner's tokens.
    NoManageScope,
}

/// Classifies a token as the tenant lists it. One that the list does not have yet is
/// accepted: it has just signed in.
pub(super) fn eligibility(token: Option<&LiveToken>) -> Eligibility {
    match token {
        Some(token) if !token.may_issue() => Eligibility::NoManageScope,
        Some(_) | None => Eligibility::Eligible,
    }
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
pub(super) fn doubt(ownership: Ownership<'_>) -> Option<NotKnownOwn<'_>> {
    match ownership {
        Ownership::NotOwn(against) | Ownership::Awaited(against) => {
            Some(NotKnownOwn::Against(against))
        }
        Ownership::Unread(unread) => Some(NotKnownOwn::Unread(unread)),
        // The issuer of an account whose names a transform makes shows it.
        Ownership::Own | Ownership::Approved | Ownership::NotRead | Ownership::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_eligibility() {
        let token = |scopes: &[&str]| LiveToken {
            id: "t".into(),
            name: "issuer".into(),
            owner: "i1".into(),
            scopes: scopes.iter().map(|&scope| scope.into()).collect(),
            created: jiff::Timestamp::UNIX_EPOCH,
            expires: None,
            last_used: None,
            access_token_validity: None,
            managed: false,
        };
        for (scopes, expected) in [
            (Some(&[LiveToken::ISSUER_SCOPE][..]), Eligibility::Eligible),
            (Some(&[catalog::SCOPE_ALL][..]), Eligibility::Eligible),
            (Some(&[][..]), Eligibility::Eligible),
            (None, Eligibility::Eligible),
            (Some(&["sp:search:read"][..]), Eligibility::NoManageScope),
        ] {
            let token = scopes.map(token);
            assert_eq!(eligibility(token.as_ref()), expected);
        }
    }

    #[test]
    fn a_person_is_not_enrolled_as_an_account() {
        let why = model::Incomplete::new(model::IncompleteReason::Forbidden, "403");
        let unread = Unread {
            what: model::ownership::Evidence::Profile,
            why: &why,
        };
        let older = Against::Older;
        for (ownership, expected) in [
            (Ownership::NotOwn(older), Some(NotKnownOwn::Against(older))),
            (Ownership::Awaited(older), Some(NotKnownOwn::Against(older))),
            (Ownership::Unread(unread), Some(NotKnownOwn::Unread(unread))),
            (Ownership::Approved, None),
            (Ownership::Unknown, None),
        ] {
            assert_eq!(doubt(ownership), expected);
        }
    }
}
