//! Classifies an account's issuer token: kept, or replaced by one that no person has seen.

use super::issuer::IssuerOutcome;
use jiff::{SignedDuration, Timestamp};
use model::{
    Digest, IdentityId, IssuerCause, IssuerLife, IssuerOrigin, IssuerState, LiveToken, TokenId,
    Tries, issuer_name,
};

/// For how long a successor that is not in the store may be another run's, which is about
/// to deliver it.
pub(crate) const IN_FLIGHT: SignedDuration = SignedDuration::from_hours(1);

/// How long after the last failed try one more is made, although they are used up: what
/// made them fail may be over.
const TRIED_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What becomes of an account's issuer token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Renewal<'a> {
    /// It stays as it is, or nothing is known that speaks for another one.
    Keep,
    /// It is replaced.
    Replace {
        /// The token.
        token: &'a LiveToken,
        /// Why.
        cause: IssuerCause,
    },
    /// It is to be replaced, and another run may be doing that: its successor exists, and
    /// is not in the store.
    InFlight {
        /// The successor.
        successor: &'a LiveToken,
    },
    /// It is to be replaced, and that failed too often.
    GivenUp {
        /// The tries that failed.
        tries: &'a Tries,
    },
    /// It is to be replaced, and the owner may have no further token, not even for the
    /// moment.
    NoSlot,
}

/// What is known when a renewal is classified.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a, 't> {
    /// Whether it can be used.
    pub(crate) outcome: IssuerOutcome<'a>,
    /// What the store holds.
    pub(crate) state: &'a IssuerState,
    /// The identity's tokens.
    pub(crate) tokens: &'t [&'a LiveToken],
    /// How long issuer tokens are declared to be valid.
    pub(crate) life: Option<IssuerLife>,
    /// Whether a person asked to replace it, however often that has failed.
    pub(crate) requested: bool,
    /// The tries that failed.
    pub(crate) tries: Option<&'a Tries>,
    /// The successor that is not in the store, where it is not known to be a leftover.
    pub(crate) in_flight: Option<&'a LiveToken>,
    /// How many further tokens ISC allows, with what the plan revokes.
    pub(crate) free_slots: usize,
    /// The tenant's time.
    pub(crate) now: Timestamp,
}

/// Classifies what becomes of an issuer token.
pub(crate) fn classify<'a>(known: Known<'a, '_>) -> Renewal<'a> {
    let Known {
        outcome,
        state,
        tokens,
        life,
        requested,
        tries,
        in_flight,
        free_slots,
        now,
    } = known;
    // One that was not read, or does not work, cannot replace itself.
    let (IssuerOutcome::Usable(_), IssuerState::Present { client_id, origin }) = (outcome, state)
    else {
        return Renewal::Keep;
    };
    let Some(token) = tokens.iter().copied().find(|token| token.id == *client_id) else {
        return Renewal::Keep;
    };
    let asked = requested.then_some(IssuerCause::Requested);
    let Some(cause) = asked.or_else(|| IssuerCause::of(token, origin, life, now)) else {
        return Renewal::Keep;
    };
    let tries = tries.filter(|tries| {
        let digest = declared(&token.id, life);
        !requested
            && tries.declared == digest
            && tries.failed >= Tries::MOST
            && now.duration_since(tries.last) < TRIED_AGAIN_AFTER
    });
    if let Some(successor) = in_flight {
        return Renewal::InFlight { successor };
    }
    match tries {
        Some(tries) => Renewal::GivenUp { tries },
        None if free_slots == 0 => Renewal::NoSlot,
        None => Renewal::Replace { token, cause },
    }
}

/// The digest of what tries belong to: another issuer token, or another declaration, is
/// tried again.
pub(crate) fn declared(old: &TokenId, life: Option<IssuerLife>) -> Digest {
    Digest::of(&(old, life))
}

/// What a token of the identity is to its issuer token, apart from that itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kinship {
    /// Nothing.
    None,
    /// The one that it replaced: a run was interrupted before it revoked it.
    Predecessor,
    /// A successor whose secret did not reach the store.
    Orphan,
    /// A successor that another run may be about to deliver.
    Successor,
    /// One that steersman created, while the one in the store is gone from ISC: the store
    /// is older than the tenant, such as a copy or an old checkout.
    Newer,
}

/// Whether the issuer token in the store is among the tokens of its owner, and has not
/// ended.
pub(crate) fn lives(state: &IssuerState, tokens: &[&LiveToken], now: Timestamp) -> bool {
    let IssuerState::Present {
        client_id,
        origin: _,
    } = state
    else {
        return false;
    };
    let token = tokens.iter().find(|token| token.id == *client_id);
    token.is_some_and(|token| token.expires.is_none_or(|end| end > now))
}

/// Classifies a token of `owner` by the issuer token in the store. `lives`: that one is
/// among the owner's tokens, and has not ended. `is_lost`: a run of this journal began to
/// create `token`, and did not end.
pub(crate) fn kinship(
    token: &LiveToken,
    owner: &IdentityId,
    state: &IssuerState,
    (lives, is_lost): (bool, bool),
    now: Timestamp,
) -> Kinship {
    let IssuerState::Present { client_id, origin } = state else {
        return Kinship::None;
    };
    if token.managed || token.id == *client_id || !token.may_issue() {
        return Kinship::None;
    }
    match origin {
        IssuerOrigin::Steersman {
            replaces,
            rotation: _,
        } if *replaces == token.id => return Kinship::Predecessor,
        IssuerOrigin::Steersman { .. } | IssuerOrigin::Person => {}
        // What sets the variable creates the tokens, too.
        IssuerOrigin::Variable => return Kinship::None,
    }
    // An issuer token is revoked only after a store returned its successor. So while it
    // does not live, a successor is in another store, and is no leftover.
    if !lives && issuer_name::is_reserved(&token.name) {
        return Kinship::Newer;
    }
    if token.name != issuer_name::successor(owner, client_id) {
        // An enrollment before this one was interrupted.
        let is_left = is_lost && issuer_name::is_reserved(&token.name);
        return if is_left {
            Kinship::Orphan
        } else {
            Kinship::None
        };
    }
    if is_lost || now.duration_since(token.created) >= IN_FLIGHT {
        Kinship::Orphan
    } else {
        Kinship::Successor
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{NOW, live_token};
    use model::{RotateBefore, Rotation, StoreKey, TokenLifetime};

    fn days(days: i64) -> SignedDuration {
        SignedDuration::from_hours(24 * days)
    }

    fn minted(rotation: u32) -> IssuerOrigin {
        IssuerOrigin::Steersman {
            replaces: "token-before".into(),
            rotation,
        }
    }

    /// A life of 180 days, replaced 30 days before its end.
    fn life(rotation: u32) -> IssuerLife {
        IssuerLife {
            expires: Some(TokenLifetime::After(days(180))),
            rotate: Some(Rotation {
                before: RotateBefore::Time(days(30)),
                window: None,
                spread: SignedDuration::ZERO,
            }),
            rotation,
        }
    }

    /// An issuer token that was created so many days ago and lives so many.
    fn issuer(age: i64, lives: Option<i64>) -> LiveToken {
        let mut token = live_token("issuer", "i", &[]);
        token.created = NOW - days(age);
        token.expires = lives.map(|lives| token.created + days(lives));
        token
    }

    fn renewal(
        token: &LiveToken,
        origin: IssuerOrigin,
        life: Option<IssuerLife>,
    ) -> Option<IssuerCause> {
        let place = StoreKey {
            store: "local".into(),
            key: "issuer".to_owned(),
        };
        let state = IssuerState::Present {
            client_id: token.id.clone(),
            origin,
        };
        let known = Known {
            outcome: IssuerOutcome::Usable(&place),
            state: &state,
            tokens: &[token],
            life,
            requested: false,
            tries: None,
            in_flight: None,
            free_slots: 1,
            now: NOW,
        };
        // What was not read, or does not work, is never replaced.
        for outcome in [
            IssuerOutcome::Assumed(&place),
            IssuerOutcome::StoreUnreadable("no key"),
            IssuerOutcome::StoreNotAsked(&place),
            IssuerOutcome::Foreign("of another tenant"),
            IssuerOutcome::NotAToken(&token.id),
            IssuerOutcome::Ended(NOW),
            IssuerOutcome::CannotIssue(&token.id),
            IssuerOutcome::NotEnrolled,
        ] {
            assert_eq!(classify(Known { outcome, ..known }), Renewal::Keep);
        }
        match classify(known) {
            Renewal::Keep => None,
            Renewal::Replace { cause, token: old } => {
                assert_eq!(old, token);
                let full = Known {
                    free_slots: 0,
                    ..known
                };
                assert_eq!(classify(full), Renewal::NoSlot);
                let waits = Known {
                    in_flight: Some(token),
                    ..known
                };
                assert_eq!(classify(waits), Renewal::InFlight { successor: token });
                Some(cause)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn tokens_06_each_cause_of_a_replacement() {
        let never = IssuerLife {
            expires: Some(TokenLifetime::Never),
            rotate: None,
            rotation: 0,
        };
        let asked_only = IssuerLife {
            expires: None,
            rotate: None,
            rotation: 4,
        };
        for (token, origin, life, expected) in [
            // Directly after enrolment, whatever is declared.
            (
                issuer(0, Some(180)),
                IssuerOrigin::Person,
                None,
                Some(IssuerCause::Seen),
            ),
            (
                issuer(0, None),
                IssuerOrigin::Person,
                Some(life(0)),
                Some(IssuerCause::Seen),
            ),
            // Once, where nothing is declared.
            (issuer(150, Some(180)), minted(0), None, None),
            (issuer(179, Some(180)), minted(0), None, None),
            (issuer(149, Some(180)), minted(0), Some(life(0)), None),
            (
                issuer(150, Some(180)),
                minted(0),
                Some(life(0)),
                Some(IssuerCause::Due),
            ),
            (
                issuer(179, Some(180)),
                minted(0),
                Some(life(0)),
                Some(IssuerCause::Due),
            ),
            (
                issuer(0, Some(180)),
                minted(0),
                Some(life(1)),
                Some(IssuerCause::Asked),
            ),
            (issuer(0, Some(180)), minted(1), Some(life(1)), None),
            (
                issuer(0, None),
                minted(0),
                Some(asked_only),
                Some(IssuerCause::Asked),
            ),
            (issuer(300, None), minted(4), Some(asked_only), None),
            (
                issuer(0, None),
                minted(0),
                Some(life(0)),
                Some(IssuerCause::Outlives),
            ),
            (
                issuer(0, Some(190)),
                minted(0),
                Some(life(0)),
                Some(IssuerCause::Outlives),
            ),
            (issuer(0, Some(181)), minted(0), Some(life(0)), None),
            // ISC allows no longer: it is not replaced on every day.
            (issuer(0, Some(20)), minted(0), Some(life(0)), None),
            (issuer(9, Some(20)), minted(0), Some(life(0)), None),
            (
                issuer(10, Some(20)),
                minted(0),
                Some(life(0)),
                Some(IssuerCause::Due),
            ),
            // One that does not expire is declared.
            (issuer(119, Some(180)), minted(0), Some(never), None),
            (
                issuer(120, Some(180)),
                minted(0),
                Some(never),
                Some(IssuerCause::Due),
            ),
            (issuer(900, None), minted(0), Some(never), None),
        ] {
            let found = renewal(&token, origin.clone(), life);
            assert_eq!(found, expected, "{token:?} {origin:?} {life:?}");
        }
    }

    #[test]
    fn tokens_06_tries_are_bounded() {
        let token = issuer(0, None);
        let place = StoreKey {
            store: "local".into(),
            key: "issuer".to_owned(),
        };
        let state = IssuerState::Present {
            client_id: token.id.clone(),
            origin: IssuerOrigin::Person,
        };
        for (failed, ago, same, gives_up) in [
            (Tries::MOST - 1, 0, true, false),
            (Tries::MOST, 0, true, true),
            (Tries::MOST, 6, true, true),
            // What made them fail may be over.
            (Tries::MOST, 7, true, false),
            // Another issuer token, or another declaration.
            (Tries::MOST, 0, false, false),
        ] {
            let tries = Tries {
                failed,
                last: NOW - days(ago),
                why: "the store is full".to_owned(),
                declared: declared(&token.id, (!same).then(|| life(0))),
            };
            let known = Known {
                outcome: IssuerOutcome::Usable(&place),
                state: &state,
                tokens: &[&token],
                life: None,
                requested: false,
                tries: Some(&tries),
                in_flight: None,
                free_slots: 1,
                now: NOW,
            };
            let asked = Known {
                requested: true,
                ..known
            };
            let cause = IssuerCause::Requested;
            let token = &token;
            assert_eq!(classify(asked), Renewal::Replace { token, cause });
            let gave_up = classify(known) == Renewal::GivenUp { tries: &tries };
            assert_eq!(gave_up, gives_up, "{failed} {ago} {same}");
        }
    }

    #[test]
    fn what_an_interrupted_run_left_is_known_by_store_name_and_journal() {
        let owner = IdentityId::new("i");
        let state = |origin| IssuerState::Present {
            client_id: "token-issuer".into(),
            origin,
        };
        let named = |name: &str, hours: i64| {
            let mut token = live_token(name, "i", &[LiveToken::ISSUER_SCOPE]);
            token.created = NOW - SignedDuration::from_hours(hours);
            token
        };
        let successor = issuer_name::successor(&owner, &"token-issuer".into());
        let own = successor.as_str();
        let of_another = issuer_name::successor(&owner, &"token-other".into());
        for (token, lost, expected) in [
            (named("before", 900), false, Kinship::Predecessor),
            (named("mine", 900), false, Kinship::None),
            (named(own, 0), false, Kinship::Successor),
            (named(own, 0), true, Kinship::Orphan),
            (named(own, 1), false, Kinship::Orphan),
            // Another store's issuer, of the same account.
            (named(of_another.as_str(), 900), false, Kinship::None),
            // Left by an enrollment that a run of this journal did not end.
            (named(of_another.as_str(), 900), true, Kinship::Orphan),
        ] {
            let found = kinship(&token, &owner, &state(minted(0)), (true, lost), NOW);
            assert_eq!(found, expected, "{}", token.name);
            let of_older_store = kinship(&token, &owner, &state(minted(0)), (false, lost), NOW);
            let expected = if issuer_name::is_reserved(&token.name) {
                Kinship::Newer
            } else {
                expected
            };
            assert_eq!(of_older_store, expected, "{}", token.name);
            let unread = IssuerState::Unreadable {
                why: "no key".to_owned(),
            };
            let of_unread = kinship(&token, &owner, &unread, (false, lost), NOW);
            assert_eq!(of_unread, Kinship::None);
        }
        let mut narrow = named("before", 900);
        narrow.scopes = ["sp:search:read".into()].into();
        let found = kinship(&narrow, &owner, &state(minted(0)), (true, false), NOW);
        assert_eq!(found, Kinship::None, "no issuer token");
    }
}
