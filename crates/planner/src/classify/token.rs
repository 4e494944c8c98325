//! Classifies a declared token: missing, due for replacement, different, matching, blocked, unread.

use super::identity::IdentityOutcome;
use super::issuer::IssuerOutcome;
use crate::claims::AccountsUnread;
use crate::token_expiry::{end_of, ends_as_declared};
use jiff::Timestamp;
use model::{IdentityId, Incomplete, LiveToken, Reason, StoreKey, TokenChange, TokenSpec};

/// How a declared token compares with the tenant's, and what blocks a change of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TokenOutcome<'a> {
    /// The account has no identity that could own the token, or none that is
    /// certain to stay its own.
    NoOwner(IdentityOutcome<'a>),
    /// The tokens of the tenant were not read completely.
    Unread(&'a Incomplete),
    /// The token is as declared.
    Matches,
    /// Scopes or time would be taken from it, and a declared account that was not
    /// read may declare the same token.
    ClaimsUnread(&'a AccountsUnread),
    /// Something has to change, and the account's issuer cannot be used.
    NoIssuer(IssuerOutcome<'a>),
    /// A further token has to be created, and the identity has as many as ISC allows.
    NoSlot {
        /// How many tokens it has, those that SailPoint manages left out.
        owned: usize,
    },
    /// The identity has no token of this name.
    Missing {
        /// What creates it.
        minter: Minter<'a>,
    },
    /// It differs in what ISC can change in place.
    Differs {
        /// What changes it.
        minter: Minter<'a>,
        /// The token.
        token: &'a LiveToken,
        /// What has to change.
        change: TokenChange,
    },
    /// It has to be replaced by a new one.
    Replace {
        /// What changes it.
        minter: Minter<'a>,
        /// The token.
        token: &'a LiveToken,
        /// Why.
        cause: ReplaceCause,
    },
}

/// What a token is created and changed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Minter<'a> {
    /// The account's identity, which owns the token.
    pub(crate) owner: &'a IdentityId,
    /// Where its issuer is stored.
    pub(crate) issuer: &'a StoreKey,
}

/// Why a token is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReplaceCause {
    /// It has expired.
    Expired,
    /// Its secret never reached the store.
    SecretLost,
    /// Its access token validity differs, which ISC cannot change.
    ValidityDiffers,
    /// It expires within the declared `rotate.before`.
    RotationDue,
    /// By its declared lifetime it would have expired already.
    LifetimeOver,
}

impl ReplaceCause {
    /// The reason of the step.
    pub(crate) fn reason(self) -> Reason {
        match self {
            Self::Expired => Reason::Expired,
            Self::SecretLost => Reason::SecretLost,
            Self::ValidityDiffers => Reason::ImmutableFieldDiffers,
            Self::RotationDue | Self::LifetimeOver => Reason::RotationDue,
        }
    }

    /// Whether the replaced token stays valid beside the new one. An expired one is
    /// of no use and is revoked first. One whose secret seems lost stays: the journal
    /// and the stores could be wrong about it, and somebody could use it.
    pub(crate) fn keeps_old(self) -> bool {
        match self {
            Self::Expired => false,
            Self::SecretLost | Self::ValidityDiffers | Self::RotationDue | Self::LifetimeOver => {
                true
            }
        }
    }
}

impl TokenOutcome<'_> {
    /// Whether one more token exists once this is done.
    pub(crate) fn takes_slot(&self) -> bool {
        match self {
            Self::Missing { minter: _ } => true,
            Self::Replace {
                minter: _,
                token: _,
                cause,
            } => cause.keeps_old(),
            Self::NoOwner(_)
            | Self::Unread(_)
            | Self::Matches
            | Self::ClaimsUnread(_)
            | Self::NoIssuer(_)
            | Self::NoSlot { .. }
            | Self::Differs { .. } => false,
        }
    }
}

impl TokenOutcome<'_> {
    /// Whether a secret is delivered when this is done.
    pub(crate) fn delivers(&self) -> bool {
        match self {
            Self::Missing { minter: _ }
            | Self::Replace {
                minter: _,
                token: _,
                cause: _,
            } => true,
            Self::NoOwner(_)
            | Self::Unread(_)
            | Self::Matches
            | Self::ClaimsUnread(_)
            | Self::NoIssuer(_)
            | Self::NoSlot { .. }
            | Self::Differs { .. } => false,
        }
    }
}

/// What was observed of a declared token.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Observed<'a> {
    /// The account has no settled identity.
    NoOwner(IdentityOutcome<'a>),
    /// The tokens were not read completely.
    Unread(&'a Incomplete),
    /// All tokens of the identity were read.
    Read {
        /// The account's identity.
        owner: &'a IdentityId,
        /// The token of the declared name.
        token: Option<&'a LiveToken>,
        /// Whether an earlier run lost its secret.
        is_lost: bool,
        /// The account's issuer.
        issuer: IssuerOutcome<'a>,
        /// Why not all declared accounts are known.
        claims_unread: Option<&'a AccountsUnread>,
        /// How many tokens the identity has, those that SailPoint manages left out.
        owned: usize,
        /// How many further tokens ISC allows it.
        free_slots: usize,
    },
}

/// Classifies a declared token at `now`, the tenant's time.
pub(crate) fn classify<'a>(
    declared: &TokenSpec,
    observed: Observed<'a>,
    now: Timestamp,
) -> TokenOutcome<'a> {
    let (owner, token, is_lost, issuer, claims_unread, owned, free_slots) = match observed {
        Observed::NoOwner(identity) => return TokenOutcome::NoOwner(identity),
        Observed::Unread(why) => return TokenOutcome::Unread(why),
        Observed::Read {
            owner,
            token,
            is_lost,
            issuer,
            claims_unread,
            owned,
            free_slots,
        } => (
            owner,
            token,
            is_lost,
            issuer,
            claims_unread,
            owned,
            free_slots,
        ),
    };
    let difference = match token {
        None => Difference::Missing,
        Some(token) => compare(declared, token, is_lost, now),
    };
    if matches!(difference, Difference::None) {
        return TokenOutcome::Matches;
    }
    if let (Difference::InPlace(token, change), Some(unread)) = (&difference, claims_unread)
        && takes_away(token, change)
    {
        return TokenOutcome::ClaimsUnread(unread);
    }
    let IssuerOutcome::Usable(issuer) = issuer else {
        return TokenOutcome::NoIssuer(issuer);
    };
    let minter = Minter { owner, issuer };
    let outcome = match difference {
        Difference::None => TokenOutcome::Matches,
        Difference::Missing => TokenOutcome::Missing { minter },
        Difference::InPlace(token, change) => TokenOutcome::Differs {
            minter,
            token,
            change,
        },
        Difference::Replace(token, cause) => TokenOutcome::Replace {
            minter,
            token,
            cause,
        },
    };
    if outcome.takes_slot() && free_slots == 0 {
        TokenOutcome::NoSlot { owned }
    } else {
        outcome
    }
}

/// Whether a change takes scopes or time from a token.
fn takes_away(token: &LiveToken, change: &TokenChange) -> bool {
    let TokenChange { scopes, expires } = change;
    let narrows = scopes.as_ref().is_some_and(|scopes| {
        let scopes = LiveToken::meaning_of(scopes);
        let all = scopes.contains(LiveToken::ALL_SCOPES);
        !all && !scopes.is_superset(&token.effective_scopes())
    });
    let shortens = match (token.expires, expires) {
        (_, None | Some(None)) => false,
        (None, Some(Some(_))) => true,
        (Some(before), Some(Some(after))) => *after < before,
    };
    narrows || shortens
}

/// What differs between a declared token and the tenant's.
enum Difference<'a> {
    Missing,
    None,
    InPlace(&'a LiveToken, TokenChange),
    Replace(&'a LiveToken, ReplaceCause),
}

fn compare<'a>(
    declared: &TokenSpec,
    observed: &'a LiveToken,
    is_lost: bool,
    now: Timestamp,
) -> Difference<'a> {
    let TokenSpec {
        // The token was found by it.
        name: _,
        scopes,
        // The scopes were worked out from them.
        calls: _,
        access_token_validity,
        expires,
        rotate,
        // A secret is delivered once, when the token is created.
        deliver: _,
    } = declared;
    let LiveToken {
        id: _,
        name: _,
        owner: _,
        // Compared as what it means.
        scopes: _,
        created,
        expires: live_expires,
        // Use does not change what is declared.
        last_used: _,
        access_token_validity: live_validity,
        // Tokens that SailPoint manages are left out before.
        managed: _,
    } = observed;
    if live_expires.is_some_and(|end| end <= now) {
        return Difference::Replace(observed, ReplaceCause::Expired);
    }
    if is_lost {
        return Difference::Replace(observed, ReplaceCause::SecretLost);
    }
    if access_token_validity.is_some()
        && live_validity.is_some()
        && access_token_validity != live_validity
    {
        return Difference::Replace(observed, ReplaceCause::ValidityDiffers);
    }
    if let (Some(rotation), Some(end)) = (rotate, live_expires)
        && end.duration_since(now) <= rotation.before
    {
        return Difference::Replace(observed, ReplaceCause::RotationDue);
    }
    let mut change = TokenChange::default();
    if observed.effective_scopes() != LiveToken::meaning_of(scopes) {
        change.scopes = Some(scopes.clone());
    }
    if !ends_as_declared(observed, *expires) {
        let end = end_of(*created, *expires);
        if end.is_some_and(|end| end <= now) {
            return Difference::Replace(observed, ReplaceCause::LifetimeOver);
        }
        change.expires = Some(end);
    }
    if change == TokenChange::default() {
        Difference::None
    } else {
        Difference::InPlace(observed, change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{NOW, incomplete, live_token, token};
    use jiff::SignedDuration;
    use model::{Rotation, TokenLifetime};

    const SCOPES: [&str; 2] = ["sp:report:read", "sp:search:read"];

    /// A change of the declared and of the observed token.
    type Change = fn(&mut TokenSpec, &mut LiveToken);

    fn hours(hours: i64) -> SignedDuration {
        SignedDuration::from_hours(hours)
    }

    fn place() -> StoreKey {
        StoreKey {
            store: "local".into(),
            key: "issuer".to_owned(),
        }
    }

    #[test]
    fn a_token_of_the_tenant() {
        let cases: [(&str, Change, bool, &str); 13] = [
            ("as declared", |_, _| {}, false, "matches"),
            (
                "used",
                |_, live| live.last_used = Some(NOW),
                false,
                "matches",
            ),
            (
                "another scope",
                |_, live| {
                    live.scopes.insert("x".into());
                },
                false,
                "differs: scopes",
            ),
            (
                "another end",
                |_, live| live.expires = None,
                false,
                "differs: expires",
            ),
            (
                "end and scope",
                |declared, live| {
                    declared.expires = TokenLifetime::Never;
                    live.scopes.clear();
                },
                false,
                "differs: scopes, expires",
            ),
            (
                "expired",
                |_, live| live.expires = Some(NOW),
                false,
                "replace: Expired",
            ),
            ("secret lost", |_, _| {}, true, "replace: SecretLost"),
            (
                "expired and lost",
                |_, live| live.expires = Some(NOW),
                true,
                "replace: Expired",
            ),
            (
                "another validity",
                |declared, _| declared.access_token_validity = Some(900),
                false,
                "replace: ValidityDiffers",
            ),
            (
                "a validity that ISC does not report",
                |declared, live| {
                    declared.access_token_validity = Some(900);
                    live.access_token_validity = None;
                },
                false,
                "matches",
            ),
            (
                "rotation due",
                |declared, _| {
                    declared.rotate = Some(Rotation {
                        before: hours(24 * 90),
                        overlap: hours(24),
                    });
                },
                false,
                "replace: RotationDue",
            ),
            (
                "rotation not due",
                |declared, _| {
                    declared.rotate = Some(Rotation {
                        before: hours(24),
                        overlap: hours(24),
                    });
                },
                false,
                "matches",
            ),
            (
                "older than its lifetime",
                |declared, live| {
                    declared.expires = TokenLifetime::After(hours(24));
                    live.created = NOW - hours(48);
                },
                false,
                "replace: LifetimeOver",
            ),
        ];
        for (name, change, is_lost, expected) in cases {
            let mut declared = token("monthly-report");
            let mut live = live_token("monthly-report", "i", &SCOPES);
            change(&mut declared, &mut live);
            let place = place();
            let observed = Observed::Read {
                owner: &"i".into(),
                token: Some(&live),
                is_lost,
                issuer: IssuerOutcome::Usable(&place),
                owned: 1,
                claims_unread: None,
                free_slots: 1,
            };
            assert_eq!(
                text(&classify(&declared, observed, NOW)),
                expected,
                "{name}"
            );
        }
    }

    fn text(outcome: &TokenOutcome<'_>) -> String {
        match outcome {
            TokenOutcome::Matches => "matches".to_owned(),
            TokenOutcome::Differs { change, .. } => {
                let TokenChange { scopes, expires } = change;
                let mut fields = Vec::new();
                fields.extend(scopes.as_ref().map(|_| "scopes"));
                fields.extend(expires.as_ref().map(|_| "expires"));
                format!("differs: {}", fields.join(", "))
            }
            TokenOutcome::Replace { cause, .. } => format!("replace: {cause:?}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_token_that_cannot_be_changed() {
        let (why, place, owner) = (incomplete(), place(), "i".into());
        let minter = Minter {
            owner: &owner,
            issuer: &place,
        };
        let declared = token("monthly-report");
        let same = live_token("monthly-report", "i", &SCOPES);
        let mut expired = same.clone();
        expired.expires = Some(NOW);
        let read = |token, issuer, free_slots| Observed::Read {
            owner: &owner,
            token,
            is_lost: false,
            issuer,
            owned: 10,
            claims_unread: None,
            free_slots,
        };
        let usable = IssuerOutcome::Usable(&place);
        let none = IssuerOutcome::NotEnrolled;
        for (observed, expected) in [
            (
                Observed::NoOwner(IdentityOutcome::Unsettled),
                TokenOutcome::NoOwner(IdentityOutcome::Unsettled),
            ),
            (Observed::Unread(&why), TokenOutcome::Unread(&why)),
            // Nothing has to change, so no issuer is needed.
            (read(Some(&same), none, 0), TokenOutcome::Matches),
            (read(None, none, 1), TokenOutcome::NoIssuer(none)),
            (read(None, usable, 0), TokenOutcome::NoSlot { owned: 10 }),
            (read(None, usable, 1), TokenOutcome::Missing { minter }),
            // An expired token is revoked first, so no free slot is needed.
            (
                read(Some(&expired), usable, 0),
                TokenOutcome::Replace {
                    minter,
                    token: &expired,
                    cause: ReplaceCause::Expired,
                },
            ),
        ] {
            assert_eq!(classify(&declared, observed, NOW), expected);
        }
    }

    #[test]
    fn a_token_that_is_kept_beside_its_successor_takes_a_slot() {
        for (cause, expected) in [
            (ReplaceCause::Expired, false),
            (ReplaceCause::SecretLost, true),
            (ReplaceCause::ValidityDiffers, true),
            (ReplaceCause::RotationDue, true),
            (ReplaceCause::LifetimeOver, true),
        ] {
            assert_eq!(cause.keeps_old(), expected, "{cause:?}");
        }
    }
}
