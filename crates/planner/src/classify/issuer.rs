//! Classifies an account's issuer: usable, or the reason why its tokens are blocked.

use model::{IdentityStatus, Incomplete, IssuerState, LiveToken, StoreKey, TokenId};

/// Whether an account's issuer token can be used, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IssuerOutcome<'a> {
    /// The store at this place has a token of the account's identity.
    Usable(&'a StoreKey),
    /// No file declares where the issuer is stored.
    Undeclared,
    /// The store could not be read.
    StoreUnreadable(&'a str),
    /// The store runs a program, and the operator did not allow programs.
    StoreNotAsked(&'a StoreKey),
    /// The store has a secret of another tenant or account.
    Foreign(&'a str),
    /// The store has a token that is not a token of the account's identity.
    NotAToken(&'a TokenId),
    /// The store has none, and the identity could not be read.
    IdentityUnread(&'a Incomplete),
    /// The store has none, and the identity is locked, disabled or in error.
    IdentityUnusable(&'a str),
    /// The identity has a status that says nothing about registration.
    StatusUnknown(&'a IdentityStatus),
    /// The store has none, and the identity is not invited to register.
    NotInvited,
    /// The store has none, and the invitation was not accepted yet.
    NotRegistered(&'a IdentityStatus),
    /// The store has none, and the account can sign in.
    NotEnrolled,
}

/// Why it is not known which token of an identity is an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnknownIssuer<'a> {
    /// The store could not be read.
    Unreadable(&'a str),
    /// The store runs a program, and the operator did not allow programs.
    NotAsked,
}

/// Classifies the issuer of an account. `state` is what the store holds,
/// `tokens` are the identity's tokens, `status` is the identity's status where
/// it was looked up, and `invites` says whether the identity profile invites new
/// identities.
pub(crate) fn classify<'a>(
    declared: Option<&'a StoreKey>,
    state: &'a IssuerState,
    tokens: &[&LiveToken],
    status: Option<Result<&'a IdentityStatus, &'a Incomplete>>,
    invites: bool,
) -> IssuerOutcome<'a> {
    let Some(place) = declared else {
        return IssuerOutcome::Undeclared;
    };
    match state {
        IssuerState::Unreadable { why } => IssuerOutcome::StoreUnreadable(why),
        IssuerState::NotAsked => IssuerOutcome::StoreNotAsked(place),
        IssuerState::Foreign { why } => IssuerOutcome::Foreign(why),
        IssuerState::Present { client_id } => {
            if tokens.iter().any(|token| &token.id == client_id) {
                IssuerOutcome::Usable(place)
            } else {
                IssuerOutcome::NotAToken(client_id)
            }
        }
        IssuerState::Absent => match status {
            Some(Err(why)) => IssuerOutcome::IdentityUnread(why),
            Some(Ok(IdentityStatus::Unusable(status))) => IssuerOutcome::IdentityUnusable(status),
            Some(Ok(status @ IdentityStatus::Unknown(_))) => IssuerOutcome::StatusUnknown(status),
            Some(Ok(IdentityStatus::Unregistered)) if !invites => IssuerOutcome::NotInvited,
            Some(Ok(status @ (IdentityStatus::Unregistered | IdentityStatus::Pending))) => {
                IssuerOutcome::NotRegistered(status)
            }
            Some(Ok(
                IdentityStatus::Registered | IdentityStatus::Active | IdentityStatus::Warning,
            ))
            | None => IssuerOutcome::NotEnrolled,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{incomplete, live_token};

    #[test]
    fn each_outcome() {
        let why = incomplete();
        let place = StoreKey {
            store: "local".into(),
            key: "audit01/issuer".to_owned(),
        };
        let declared = Some(&place);
        let token = live_token("issuer", "i", &[]);
        let present = |id: &str| IssuerState::Present {
            client_id: id.into(),
        };
        let (own, other) = (present("token-issuer"), present("gone"));
        let unreadable = IssuerState::Unreadable {
            why: "no key".to_owned(),
        };
        let foreign = IssuerState::Foreign {
            why: "of another tenant".to_owned(),
        };
        let absent = IssuerState::Absent;
        let unusable = IdentityStatus::Unusable("LOCKED".to_owned());
        let unregistered = IdentityStatus::Unregistered;
        let pending = IdentityStatus::Pending;
        for (declared, state, status, invites, expected) in [
            (declared, &own, None, true, IssuerOutcome::Usable(&place)),
            (None, &own, None, true, IssuerOutcome::Undeclared),
            (
                declared,
                &unreadable,
                None,
                true,
                IssuerOutcome::StoreUnreadable("no key"),
            ),
            (
                declared,
                &IssuerState::NotAsked,
                None,
                true,
                IssuerOutcome::StoreNotAsked(&place),
            ),
            (
                declared,
                &foreign,
                Some(Ok(&IdentityStatus::Active)),
                true,
                IssuerOutcome::Foreign("of another tenant"),
            ),
            (
                declared,
                &other,
                None,
                true,
                IssuerOutcome::NotAToken(&"gone".into()),
            ),
            (
                declared,
                &absent,
                Some(Err(&why)),
                true,
                IssuerOutcome::IdentityUnread(&why),
            ),
            (
                declared,
                &absent,
                Some(Ok(&unusable)),
                true,
                IssuerOutcome::IdentityUnusable("LOCKED"),
            ),
            (
                declared,
                &absent,
                Some(Ok(&unregistered)),
                false,
                IssuerOutcome::NotInvited,
            ),
            (
                declared,
                &absent,
                Some(Ok(&unregistered)),
                true,
                IssuerOutcome::NotRegistered(&unregistered),
            ),
            (
                declared,
                &absent,
                Some(Ok(&pending)),
                false,
                IssuerOutcome::NotRegistered(&pending),
            ),
            (
                declared,
                &absent,
                Some(Ok(&IdentityStatus::Active)),
                true,
                IssuerOutcome::NotEnrolled,
            ),
            (declared, &absent, None, true, IssuerOutcome::NotEnrolled),
        ] {
            assert_eq!(
                classify(declared, state, &[&token], status, invites),
                expected
            );
        }
    }
}
