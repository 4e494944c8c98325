//! Classifies an account's issuer: usable, or the reason why its tokens are blocked.

use jiff::{SignedDuration, Timestamp};
use model::{IdentityStatus, Incomplete, IssuerState, LiveToken, StoreKey, TokenId, Unasked};

/// How long before its end an issuer token is reported: a person has to replace it, and
/// persons need time.
pub(crate) const NOTICE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Whether an account's issuer token can be used, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IssuerOutcome<'a> {
    /// The store at this place has a token of the account's identity.
    Usable(&'a StoreKey),
    /// The store at this place was not asked, and is assumed to have one.
    Assumed(&'a StoreKey),
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
    /// The store has a token of the account's identity that expired then.
    Ended(Timestamp),
    /// The store has a token of the account's identity that may not create tokens.
    CannotIssue(&'a TokenId),
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

impl IssuerOutcome<'_> {
    /// Whether the store has a token that can no longer be used, so that the account
    /// has to be enrolled again.
    pub(crate) fn is_dead(self) -> bool {
        match self {
            Self::NotAToken(_) | Self::Ended(_) | Self::CannotIssue(_) => true,
            Self::Usable(_)
            | Self::Assumed(_)
            | Self::Undeclared
            | Self::StoreUnreadable(_)
            | Self::StoreNotAsked(_)
            | Self::Foreign(_)
            | Self::IdentityUnread(_)
            | Self::IdentityUnusable(_)
            | Self::StatusUnknown(_)
            | Self::NotInvited
            | Self::NotRegistered(_)
            | Self::NotEnrolled => false,
        }
    }
}

/// What is known when an issuer is classified.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a, 't> {
    /// Where the issuer is declared to be.
    pub(crate) declared: Option<&'a StoreKey>,
    /// What the store holds there.
    pub(crate) state: &'a IssuerState,
    /// The identity's tokens.
    pub(crate) tokens: &'t [&'a LiveToken],
    /// The identity's status, where it was looked up.
    pub(crate) status: Option<Result<&'a IdentityStatus, &'a Incomplete>>,
    /// Whether the identity profile invites new identities.
    pub(crate) invites: bool,
    /// What is planned where the store was not asked.
    pub(crate) unasked: Unasked,
    /// The tenant's time.
    pub(crate) now: Timestamp,
}

/// Classifies the issuer of an account.
pub(crate) fn classify<'a>(known: Known<'a, '_>) -> IssuerOutcome<'a> {
    let Known {
        declared,
        state,
        tokens,
        status,
        invites,
        unasked,
        now,
    } = known;
    let Some(place) = declared else {
        return IssuerOutcome::Undeclared;
    };
    let client_id = match (state, unasked) {
        (IssuerState::Unreadable { why }, _) => return IssuerOutcome::StoreUnreadable(why),
        (IssuerState::Foreign { why }, _) => return IssuerOutcome::Foreign(why),
        (IssuerState::NotAsked, Unasked::Blocked) => return IssuerOutcome::StoreNotAsked(place),
        (IssuerState::NotAsked, Unasked::Assumed) => {
            return without(status, invites).unwrap_or(IssuerOutcome::Assumed(place));
        }
        (IssuerState::Absent, _) => {
            return without(status, invites).unwrap_or(IssuerOutcome::NotEnrolled);
        }
        (IssuerState::Present { client_id, .. }, _) => client_id,
    };
    let Some(token) = tokens.iter().find(|token| token.id == *client_id) else {
        // Whoever is not registered has no issuer, whatever the store has.
        return match without(status, invites) {
            None | Some(IssuerOutcome::IdentityUnread(_)) => IssuerOutcome::NotAToken(client_id),
            Some(outcome) => outcome,
        };
    };
    match token.expires {
        Some(end) if end <= now => IssuerOutcome::Ended(end),
        Some(_) | None if !token.may_issue() => IssuerOutcome::CannotIssue(client_id),
        Some(_) | None => IssuerOutcome::Usable(place),
    }
}

/// Why the account cannot have an issuer; none where it can sign in and create one.
fn without<'a>(
    status: Option<Result<&'a IdentityStatus, &'a Incomplete>>,
    invites: bool,
) -> Option<IssuerOutcome<'a>> {
    match status? {
        Err(why) => Some(IssuerOutcome::IdentityUnread(why)),
        Ok(IdentityStatus::Unusable(status)) => Some(IssuerOutcome::IdentityUnusable(status)),
        Ok(status @ IdentityStatus::Unknown(_)) => Some(IssuerOutcome::StatusUnknown(status)),
        Ok(IdentityStatus::Unregistered) if !invites => Some(IssuerOutcome::NotInvited),
        Ok(status @ (IdentityStatus::Unregistered | IdentityStatus::Pending)) => {
            Some(IssuerOutcome::NotRegistered(status))
        }
        Ok(IdentityStatus::Registered | IdentityStatus::Active | IdentityStatus::Warning) => None,
    }
}

/// The end of a usable issuer that is near enough to be reported.
pub(crate) fn ends_soon(
    state: &IssuerState,
    tokens: &[&LiveToken],
    now: Timestamp,
) -> Option<Timestamp> {
    let IssuerState::Present { client_id, .. } = state else {
        return None;
    };
    let token = tokens.iter().find(|token| token.id == *client_id)?;
    token
        .expires
        .filter(|end| *end > now && end.duration_since(now) <= NOTICE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{NOW, incomplete, live_token};

    #[test]
    fn each_outcome() {
        let why = incomplete();
        let place = StoreKey {
            store: "local".into(),
            key: "audit01/issuer".to_owned(),
        };
        let declared = Some(&place);
        let token = live_token("issuer", "i", &[]);
        let mut ended = live_token("ended", "i", &[]);
        ended.expires = Some(NOW);
        let narrow = live_token("narrow", "i", &["sp:search:read"]);
        let present = |id: &str| IssuerState::Present {
            client_id: id.into(),
            origin: model::IssuerOrigin::Steersman {
                replaces: "enrolled".into(),
                rotation: 0,
            },
        };
        let (own, other) = (present("token-issuer"), present("gone"));
        let (over, cannot) = (present("token-ended"), present("token-narrow"));
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
            (declared, &over, None, true, IssuerOutcome::Ended(NOW)),
            (
                declared,
                &cannot,
                None,
                true,
                IssuerOutcome::CannotIssue(&"token-narrow".into()),
            ),
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
            let known = Known {
                declared,
                state,
                tokens: &[&token, &ended, &narrow],
                status,
                invites,
                unasked: Unasked::Blocked,
                now: NOW,
            };
            assert_eq!(classify(known), expected);
            // What is known is never assumed.
            let assumed = Known {
                unasked: Unasked::Assumed,
                ..known
            };
            if *state != IssuerState::NotAsked {
                assert_eq!(classify(assumed), expected);
            }
        }
        for (status, expected) in [
            (None, IssuerOutcome::Assumed(&place)),
            (
                Some(Ok(&IdentityStatus::Active)),
                IssuerOutcome::Assumed(&place),
            ),
            // One that cannot sign in has no issuer.
            (Some(Ok(&pending)), IssuerOutcome::NotRegistered(&pending)),
        ] {
            let known = Known {
                declared,
                state: &IssuerState::NotAsked,
                tokens: &[],
                status,
                invites: true,
                unasked: Unasked::Assumed,
                now: NOW,
            };
            assert_eq!(classify(known), expected);
        }
    }

    #[test]
    fn planner_18_an_end_is_reported_thirty_days_before() {
        let day = |days: i64| Some(NOW + SignedDuration::from_hours(24 * days));
        let state = IssuerState::Present {
            client_id: "token-issuer".into(),
            origin: model::IssuerOrigin::Steersman {
                replaces: "enrolled".into(),
                rotation: 0,
            },
        };
        for (expires, expected) in [
            (None, None),
            (day(31), None),
            (day(30), day(30)),
            (day(1), day(1)),
            (day(0), None),
        ] {
            let mut token = live_token("issuer", "i", &[]);
            token.expires = expires;
            assert_eq!(ends_soon(&state, &[&token], NOW), expected);
            assert_eq!(ends_soon(&IssuerState::Absent, &[&token], NOW), None);
        }
    }
}
