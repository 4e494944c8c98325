//! Why an issuer token is replaced by one that no person has seen.

use crate::{
    IssuerLife, IssuerOrigin, LiveToken, Overlap, Reason, RotatedToken, Rotation, RotationState,
    TokenLifetime,
};
use jiff::{SignedDuration, Timestamp};

/// Why an issuer token is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssuerCause {
    /// A person put it into the store, and has seen its secret.
    Seen,
    /// It expires soon.
    Due,
    /// The declared `rotation` is another than that of its document.
    Asked,
    /// It expires later than declared.
    Outlives,
    /// A person asked for it by a command.
    Requested,
}

impl IssuerCause {
    /// The reason of the step that replaces it.
    pub fn reason(self) -> Reason {
        match self {
            Self::Seen => Reason::IssuerSeen,
            Self::Due => Reason::RotationDue,
            Self::Asked => Reason::RotationChanged,
            Self::Outlives => Reason::FieldsDiffer,
            Self::Requested => Reason::Requested,
        }
    }

    /// Why this issuer token is to be replaced; none if it stays. `life` is how long the
    /// files declare issuer tokens to be valid, `now` is the tenant's time.
    pub fn of(
        token: &LiveToken,
        origin: &IssuerOrigin,
        life: Option<IssuerLife>,
        now: Timestamp,
    ) -> Option<Self> {
        let rotation = match origin {
            IssuerOrigin::Person => return Some(Self::Seen),
            // What sets the variable replaces it.
            IssuerOrigin::Variable => return None,
            IssuerOrigin::Steersman {
                replaces: _,
                rotation,
            } => *rotation,
        };
        let IssuerLife {
            expires,
            rotate,
            rotation: declared,
        } = life?;
        if rotation != declared {
            return Some(Self::Asked);
        }
        if outlives(token, expires) {
            return Some(Self::Outlives);
        }
        is_due(token, expires, rotate, now).then_some(Self::Due)
    }
}

/// Whether it expires later than declared. One that expires earlier, because ISC allows no
/// longer, is replaced before its end.
fn outlives(token: &LiveToken, declared: Option<TokenLifetime>) -> bool {
    let Some(TokenLifetime::After(life)) = declared else {
        return false;
    };
    match token.expires {
        None => true,
        Some(end) => end.duration_since(token.created) > life + tolerance(life),
    }
}

/// Whether it is to be replaced before its end, and that is near. One whose life is shorter
/// than declared is not due from the first day on.
fn is_due(
    token: &LiveToken,
    expires: Option<TokenLifetime>,
    rotate: Option<Rotation>,
    now: Timestamp,
) -> bool {
    let Some(end) = token.expires else {
        return false;
    };
    let life = end.duration_since(token.created);
    let left = end.duration_since(now);
    match (rotate, expires) {
        (Some(_), Some(TokenLifetime::After(declared)))
            if life + tolerance(declared) < declared =>
        {
            left <= life / 2
        }
        (Some(rotate), _) => {
            let rotated = RotatedToken {
                id: &token.id,
                created: token.created,
                expires: end,
            };
            // Nobody but steersman uses it, so the old one is not kept.
            let overlap = Overlap {
                min: SignedDuration::ZERO,
                max: SignedDuration::ZERO,
            };
            match rotate.state(rotated, overlap, now) {
                RotationState::Due | RotationState::DueOutsideWindow(_) => true,
                RotationState::NotDue(_) | RotationState::WaitsForWindow(_) => false,
            }
        }
        // A successor that does not expire is declared.
        (None, Some(TokenLifetime::Never)) => left <= life / 3,
        (None, Some(TokenLifetime::After(_)) | None) => false,
    }
}

/// How far an expiry may be from the declared one: it is computed when planning, and the
/// token is created somewhat later.
fn tolerance(life: SignedDuration) -> SignedDuration {
    (life / 20).min(SignedDuration::from_hours(24))
}
