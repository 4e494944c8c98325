//! Classifies a declared token: missing, due for replacement, different, matching, blocked, unread.

use super::delivery::{Delivery, Foreign};
use super::identity::IdentityOutcome;
use super::issuer::IssuerOutcome;
use crate::token_expiry::{end_of, ends_as_declared, is_disabled};
use crate::unlisted::AccountsUnread;
use jiff::{SignedDuration, Timestamp};
use model::ownership::Doubt;
use model::{
    Digest, IdentityId, Incomplete, LiveToken, Reason, RotatedToken, RotationState, StoreKey,
    TokenChange, TokenSpec, Tries, Unasked,
};

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
    /// Its place holds the secret of another token, account or tenant.
    Foreign(Foreign<'a>),
    /// Its place could not be read, so nothing is done.
    StoreUnreadable(&'a str),
    /// A secret has to be delivered, and its store was not asked.
    StoreNotAsked,
    /// Scopes or time would be taken from it, and a declared account that was not
    /// read may declare the same token.
    ClaimsUnread(&'a AccountsUnread),
    /// Something has to change, and whose the identity is is not settled.
    Doubted(Doubt<'a>),
    /// Something has to change, and the account's issuer cannot be used.
    NoIssuer(IssuerOutcome<'a>),
    /// It would be created, and that failed too often.
    TriesUsedUp(&'a Tries),
    /// A rotation is due, and its last one was undone. The newer token is kept until then.
    RolledBack(Timestamp),
    /// A further token has to be created, and the identity has as many as ISC allows.
    NoSlot {
        /// How many tokens it has, those that SailPoint manages left out.
        owned: usize,
        /// From when on the token itself, whose secret was lost, gives its slot to its
        /// successor; none where it does not.
        later: Option<Timestamp>,
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
    /// Whether the issuer's store was not asked, and is assumed to have it.
    pub(crate) is_assumed: bool,
}

/// Why a token is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReplaceCause {
    /// It has expired.
    Expired,
    /// Its secret never reached the store.
    SecretLost,
    /// The same, and nothing has used it for days: it gives its slot to its successor,
    /// where there is no other.
    SecretLostUnused,
    /// The store does not have its secret.
    DeliveryMissing,
    /// Its secret is declared in another place than it was delivered to.
    DeliveryMoved,
    /// Its access token validity differs, which ISC cannot change.
    ValidityDiffers,
    /// It expires within the declared `rotate.before`.
    RotationDue,
    /// It expires within the declared `rotate.before`, and waiting for the declared window
    /// would leave too little time.
    RotationOverdue,
    /// By its declared lifetime it would have expired already.
    LifetimeOver,
    /// A person asked for it.
    Requested,
    /// The declared `rotation` is another than that of the delivered document.
    RotationChanged,
    /// Somebody brought its end near, to stop it.
    Disabled,
}

impl ReplaceCause {
    /// The reason of the step.
    pub(crate) fn reason(self) -> Reason {
        match self {
            Self::Expired => Reason::Expired,
            Self::SecretLost | Self::SecretLostUnused => Reason::SecretLost,
            Self::DeliveryMissing => Reason::DeliveryMissing,
            Self::DeliveryMoved => Reason::DeliveryMoved,
            Self::ValidityDiffers => Reason::ImmutableFieldDiffers,
            Self::RotationDue | Self::LifetimeOver => Reason::RotationDue,
            Self::RotationOverdue => Reason::RotationOverdue,
            Self::Requested => Reason::Requested,
            Self::RotationChanged => Reason::RotationChanged,
            Self::Disabled => Reason::Disabled,
        }
    }

    /// Whether only time or a number of the files asks for the replacement.
    fn is_rotation(self) -> bool {
        match self {
            Self::RotationDue
            | Self::RotationOverdue
            | Self::LifetimeOver
            | Self::RotationChanged => true,
            Self::Expired
            | Self::SecretLost
            | Self::SecretLostUnused
            | Self::DeliveryMissing
            | Self::DeliveryMoved
            | Self::ValidityDiffers
            | Self::Requested
            | Self::Disabled => false,
        }
    }

    /// Whether the replaced token stays valid beside the new one. An expired one is
    /// of no use and is revoked first. One whose secret seems lost stays: the journal
    /// and the stores could be wrong about it, and somebody could use it.
    pub(crate) fn keeps_old(self) -> bool {
        match self {
            Self::Expired | Self::SecretLostUnused => false,
            Self::SecretLost
            | Self::DeliveryMissing
            | Self::DeliveryMoved
            | Self::ValidityDiffers
            | Self::RotationDue
            | Self::RotationOverdue
            | Self::LifetimeOver
            | Self::Requested
            | Self::RotationChanged
            | Self::Disabled => true,
        }
    }
}

impl TokenOutcome<'_> {
    /// Whether a token is created.
    pub(crate) fn mints(&self) -> bool {
        matches!(self, Self::Missing { .. } | Self::Replace { .. })
    }

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
            | Self::Foreign(_)
            | Self::StoreUnreadable(_)
            | Self::StoreNotAsked
            | Self::ClaimsUnread(_)
            | Self::Doubted(_)
            | Self::NoIssuer(_)
            | Self::TriesUsedUp(_)
            | Self::RolledBack(_)
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
        /// What its place holds.
        delivery: Delivery<'a>,
        /// The `rotation` of the document with its secret, where that was read.
        delivered_rotation: Option<u32>,
        /// Whether a person asked to rotate it.
        requested: bool,
        /// The end of the overlap of the newer token from which it was rolled back.
        rolled_back: Option<Timestamp>,
        /// The creations of it that failed.
        tries: Option<&'a Tries>,
        /// What is planned where a store was not asked.
        unasked: Unasked,
        /// The account's issuer.
        issuer: IssuerOutcome<'a>,
        /// Why not all declared accounts are known.
        claims_unread: Option<&'a AccountsUnread>,
        /// Whether the identity is the account's own, where that has to be known.
        own: Own<'a>,
        /// How many tokens the identity has, those that SailPoint manages left out.
        owned: usize,
        /// How many further tokens ISC allows it.
        free_slots: usize,
    },
}

/// Whether the identity is the account's own, as far as tokens need that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Own<'a> {
    /// Nothing speaks against it.
    Fine,
    /// It was not looked up. Another account that has the identity could show whose it
    /// is, if all were read.
    NotLookedUp,
    /// It is not settled.
    Doubted(Doubt<'a>),
}

/// Classifies a declared token at `now`, the tenant's time.
pub(crate) fn classify<'a>(
    declared: &TokenSpec,
    observed: Observed<'a>,
    now: Timestamp,
) -> TokenOutcome<'a> {
    let (
        owner,
        token,
        wish,
        rolled_back,
        tries,
        delivery,
        unasked,
        issuer,
        claims_unread,
        own,
        owned,
        free_slots,
    ) = match observed {
        Observed::NoOwner(identity) => return TokenOutcome::NoOwner(identity),
        Observed::Unread(why) => return TokenOutcome::Unread(why),
        Observed::Read {
            owner,
            token,
            is_lost,
            delivery,
            delivered_rotation,
            requested,
            rolled_back,
            tries,
            unasked,
            issuer,
            claims_unread,
            own,
            owned,
            free_slots,
        } => (
            owner,
            token,
            Wish {
                is_lost,
                requested,
                rotates: delivered_rotation.is_some_and(|done| done != declared.rotation),
            },
            rolled_back,
            tries,
            delivery,
            unasked,
            issuer,
            claims_unread,
            own,
            owned,
            free_slots,
        ),
    };
    let difference = match token {
        None => Difference::Missing,
        Some(token) => compare(declared, token, wish, due(delivery, issuer), now),
    };
    // Neither is mended by a new token: it could not be delivered.
    match delivery {
        Delivery::Foreign(foreign) => return TokenOutcome::Foreign(foreign),
        Delivery::Unreadable(why) => return TokenOutcome::StoreUnreadable(why),
        Delivery::NotLookedUp
        | Delivery::NotAsked
        | Delivery::WriteOnly
        | Delivery::Missing
        | Delivery::Moved(_)
        | Delivery::PassedOn(_)
        | Delivery::Stale(_)
        | Delivery::Delivered => {}
    }
    match (&difference, delivery, unasked) {
        (Difference::None, _, _) => return TokenOutcome::Matches,
        (Difference::Missing | Difference::Replace(..), Delivery::NotAsked, Unasked::Blocked) => {
            return TokenOutcome::StoreNotAsked;
        }
        (Difference::Missing | Difference::Replace(..) | Difference::InPlace(..), _, _) => {}
    }
    if let (Difference::Replace(token, cause), Some(until)) = (&difference, rolled_back)
        && cause.is_rotation()
        && token.expires.is_none_or(|end| end > until)
    {
        return TokenOutcome::RolledBack(until);
    }
    if let (Difference::InPlace(token, change), Some(unread)) = (&difference, claims_unread)
        && takes_away(token, change)
    {
        return TokenOutcome::ClaimsUnread(unread);
    }
    match (own, claims_unread) {
        (Own::Doubted(doubt), _) => return TokenOutcome::Doubted(doubt),
        (Own::NotLookedUp, Some(unread)) => return TokenOutcome::ClaimsUnread(unread),
        (Own::NotLookedUp, None) | (Own::Fine, _) => {}
    }
    let (issuer, is_assumed) = match issuer {
        IssuerOutcome::Usable(place) => (place, false),
        IssuerOutcome::Assumed(place) => (place, true),
        other => return TokenOutcome::NoIssuer(other),
    };
    let minter = Minter {
        owner,
        issuer,
        is_assumed,
    };
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
    let outcome = match outcome {
        outcome if !outcome.takes_slot() || free_slots > 0 => outcome,
        TokenOutcome::Replace {
            minter,
            token,
            cause: ReplaceCause::SecretLost,
        } => match given_up_at(token) {
            Some(later) if later <= now => TokenOutcome::Replace {
                minter,
                token,
                cause: ReplaceCause::SecretLostUnused,
            },
            later => return TokenOutcome::NoSlot { owned, later },
        },
        _ => return TokenOutcome::NoSlot { owned, later: None },
    };
    let used_up = tries.filter(|tries| {
        outcome.mints()
            && !wish.requested
            && tries.failed >= Tries::MOST
            && tries.declared == Digest::of(declared)
    });
    match used_up {
        Some(tries) => TokenOutcome::TriesUsedUp(tries),
        None => outcome,
    }
}

/// When a token whose secret seems lost may be revoked for its slot: some days after its
/// creation, if nothing has used it. The use on the day of its creation is that with which
/// steersman proved it.
fn given_up_at(token: &LiveToken) -> Option<Timestamp> {
    const PROOF: SignedDuration = SignedDuration::from_hours(24);
    const DAYS: SignedDuration = SignedDuration::from_hours(3 * 24);
    let is_unused = token
        .last_used
        .is_none_or(|used| used.duration_since(token.created) < PROOF);
    let at = token.created.checked_add(DAYS).ok();
    at.filter(|_| is_unused)
}

/// What asks for a new token, apart from the token itself.
#[derive(Clone, Copy, Debug)]
struct Wish {
    /// An earlier run lost its secret.
    is_lost: bool,
    /// A person asked to rotate it.
    requested: bool,
    /// The declared `rotation` is another than the delivered one.
    rotates: bool,
}

/// Whether a change takes scopes or time from a token.
fn takes_away(token: &LiveToken, change: &TokenChange) -> bool {
    let TokenChange { scopes, expires: _ } = change;
    let narrows = scopes.as_ref().is_some_and(|scopes| {
        let scopes = LiveToken::meaning_of(scopes);
        let all = scopes.contains(LiveToken::ALL_SCOPES);
        !all && !scopes.is_superset(&token.effective_scopes())
    });
    narrows || shortens(token, change)
}

/// Whether a change lets a token expire earlier.
pub(crate) fn shortens(token: &LiveToken, change: &TokenChange) -> bool {
    match (token.expires, change.expires) {
        (_, None | Some(None)) => false,
        (None, Some(Some(_))) => true,
        (Some(before), Some(Some(after))) => after < before,
    }
}

/// What of a place leads to a delivery. An account that was never enrolled has tokens that
/// others created, such as adopted ones: nothing is missing of what steersman delivered.
fn due<'a>(delivery: Delivery<'a>, issuer: IssuerOutcome<'_>) -> Delivery<'a> {
    match issuer {
        IssuerOutcome::NotEnrolled
        | IssuerOutcome::NotInvited
        | IssuerOutcome::NotRegistered(_)
        | IssuerOutcome::StatusUnknown(_)
        | IssuerOutcome::Undeclared => Delivery::NotLookedUp,
        IssuerOutcome::Usable(_)
        | IssuerOutcome::Assumed(_)
        | IssuerOutcome::StoreUnreadable(_)
        | IssuerOutcome::StoreNotAsked(_)
        | IssuerOutcome::Foreign(_)
        | IssuerOutcome::NotAToken(_)
        | IssuerOutcome::Ended(_)
        | IssuerOutcome::CannotIssue(_)
        | IssuerOutcome::IdentityUnread(_)
        | IssuerOutcome::IdentityUnusable(_) => delivery,
    }
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
    wish: Wish,
    delivery: Delivery<'_>,
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
        overlap,
        // Compared with the document in its place.
        rotation: _,
        // For people.
        purpose: _,
        owners: _,
        // What the place holds is compared before.
        deliver: _,
        // It counts for the next delivery.
        form: _,
    } = declared;
    let LiveToken {
        id,
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
    if wish.is_lost {
        return Difference::Replace(observed, ReplaceCause::SecretLost);
    }
    match delivery {
        Delivery::Missing | Delivery::Stale(_) => {
            return Difference::Replace(observed, ReplaceCause::DeliveryMissing);
        }
        Delivery::Moved(_) => return Difference::Replace(observed, ReplaceCause::DeliveryMoved),
        Delivery::PassedOn(handover) => {
            let cause = match handover.comes_from {
                Some(_) => ReplaceCause::DeliveryMoved,
                None => ReplaceCause::DeliveryMissing,
            };
            return Difference::Replace(observed, cause);
        }
        Delivery::NotLookedUp
        | Delivery::NotAsked
        | Delivery::WriteOnly
        | Delivery::Unreadable(_)
        | Delivery::Foreign(_)
        | Delivery::Delivered => {}
    }
    if access_token_validity.is_some()
        && live_validity.is_some()
        && access_token_validity != live_validity
    {
        return Difference::Replace(observed, ReplaceCause::ValidityDiffers);
    }
    if wish.requested {
        return Difference::Replace(observed, ReplaceCause::Requested);
    }
    if wish.rotates {
        return Difference::Replace(observed, ReplaceCause::RotationChanged);
    }
    if is_disabled(observed, *expires, now) {
        return Difference::Replace(observed, ReplaceCause::Disabled);
    }
    let due = |end: Option<Timestamp>| {
        let (rotation, expires) = (rotate.as_ref()?, end?);
        let token = RotatedToken {
            id,
            created: *created,
            expires,
        };
        match rotation.state(token, *overlap, now) {
            RotationState::Due => Some(ReplaceCause::RotationDue),
            RotationState::DueOutsideWindow(_) => Some(ReplaceCause::RotationOverdue),
            RotationState::NotDue(_) | RotationState::WaitsForWindow(_) => None,
        }
    };
    if let Some(cause) = due(*live_expires) {
        return Difference::Replace(observed, cause);
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
        // With the declared end it would be due at once, and be replaced by the next plan.
        if let Some(cause) = due(end) {
            return Difference::Replace(observed, cause);
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
#[path = "../testing/token_outcomes.rs"]
mod tests;
