//! Declared rotation of a token: when it is replaced, and how long the old one is kept.

use super::window::Window;
use crate::{Digest, TokenId};
use jiff::{SignedDuration, Timestamp};
use serde::{Serialize, Serializer};

/// When a token is replaced before it expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rotation {
    /// How long before its expiry, at the latest.
    pub before: RotateBefore,
    /// When a rotation may begin. None allows any time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// Over which time before that the rotations of many tokens are spread.
    #[serde(skip_serializing_if = "SignedDuration::is_zero")]
    pub spread: SignedDuration,
}

/// How long before its expiry a token is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotateBefore {
    /// So long.
    Time(SignedDuration),
    /// So many percent of the token's lifetime, 1 to 99.
    Share(u8),
}

impl RotateBefore {
    /// How long before its expiry a token of this lifetime is replaced.
    pub fn of(self, life: SignedDuration) -> SignedDuration {
        match self {
            Self::Time(time) => time,
            Self::Share(percent) => {
                let seconds = i128::from(life.as_secs()) * i128::from(percent) / 100;
                SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX))
            }
        }
    }
}

impl Serialize for RotateBefore {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Time(time) => time.serialize(serializer),
            Self::Share(percent) => serializer.collect_str(&format_args!("{percent}%")),
        }
    }
}

/// How long a replaced token is kept beside the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Overlap {
    /// In any case.
    pub min: SignedDuration,
    /// While it is still used. Not shorter than `min`.
    pub max: SignedDuration,
}

impl Overlap {
    /// How long a replaced token is kept where no file says otherwise: a day, so that a
    /// nightly job reads the new secret at least once.
    pub const MIN: SignedDuration = SignedDuration::from_hours(24);

    /// How long a replaced token that is still used is kept where no file says
    /// otherwise: a week.
    pub const MAX: SignedDuration = SignedDuration::from_hours(7 * 24);

    /// An overlap of which only the least time is declared.
    pub fn of(min: SignedDuration) -> Self {
        Self {
            min,
            max: min.max(Self::MAX),
        }
    }

    /// For how much longer than in any case a token that is still used is kept.
    pub fn extra(self) -> SignedDuration {
        self.max.checked_sub(self.min).unwrap_or_default()
    }
}

impl Default for Overlap {
    fn default() -> Self {
        Self::of(Self::MIN)
    }
}

/// Whether a token is to be replaced now because of its age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationState {
    /// Not before this time.
    NotDue(Timestamp),
    /// It is due, and its window opens at this time, which is early enough.
    WaitsForWindow(Timestamp),
    /// Now.
    Due,
    /// Now, although its window opens only at this time: waiting would leave less than
    /// the safety margin before its end.
    DueOutsideWindow(Timestamp),
}

/// What of a token decides when it is rotated.
#[derive(Clone, Copy, Debug)]
pub struct RotatedToken<'a> {
    /// Its id, by which the rotations of many tokens are spread.
    pub id: &'a TokenId,
    /// When it was created.
    pub created: Timestamp,
    /// When it expires.
    pub expires: Timestamp,
}

impl Rotation {
    /// A rotation so long before a token's end, at any time.
    pub fn before(time: SignedDuration) -> Self {
        Self {
            before: RotateBefore::Time(time),
            window: None,
            spread: SignedDuration::ZERO,
        }
    }

    /// The most that is left as a safety margin before the end of a token.
    pub const MARGIN: SignedDuration = SignedDuration::from_hours(3 * 24);

    /// The safety margin of a token that is replaced so long before its end: a quarter of
    /// that, at most three days, and at least the overlap.
    pub fn margin(before: SignedDuration, overlap: Overlap) -> SignedDuration {
        (before / 4).min(Self::MARGIN).max(overlap.min)
    }

    /// From when on a token is due, its window left aside.
    pub fn due_from(self, token: RotatedToken<'_>) -> Timestamp {
        let life = token.expires.duration_since(token.created);
        let before = self.before.of(life);
        let ahead = before
            .checked_add(share_of(token.id, self.spread))
            .unwrap_or(before);
        token.expires.checked_sub(ahead).unwrap_or(Timestamp::MIN)
    }

    /// Whether a token is to be replaced at this time.
    pub fn state(self, token: RotatedToken<'_>, overlap: Overlap, now: Timestamp) -> RotationState {
        let from = self.due_from(token);
        if now < from {
            return RotationState::NotDue(from);
        }
        let Some(window) = self.window else {
            return RotationState::Due;
        };
        let opens = window.opening(now);
        if opens <= now {
            return RotationState::Due;
        }
        let life = token.expires.duration_since(token.created);
        let margin = Self::margin(self.before.of(life), overlap);
        if token.expires.duration_since(opens) < margin {
            RotationState::DueOutsideWindow(opens)
        } else {
            RotationState::WaitsForWindow(opens)
        }
    }
}

/// The part of a time that falls to a token: always the same, and spread evenly over many.
fn share_of(id: &TokenId, spread: SignedDuration) -> SignedDuration {
    let digest = Digest::of_bytes(id.as_str().as_bytes());
    let hash = digest.as_str().get(..8).unwrap_or_default();
    let hash = i128::from(u32::from_str_radix(hash, 16).unwrap_or(0));
    let seconds = (i128::from(spread.as_secs()) * hash) >> 32;
    SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(hours: i64) -> SignedDuration {
        SignedDuration::from_hours(hours)
    }

    #[test]
    fn a_share_is_one_of_the_life_that_the_token_has() {
        for (percent, life, expected) in [(20, 90 * 24, 18 * 24), (1, 100, 1), (99, 100, 99)] {
            let before = RotateBefore::Share(percent).of(hours(life));
            assert_eq!(before, hours(expected), "{percent}% of {life}h");
        }
    }

    #[test]
    fn spread_moves_rotations_earlier_and_apart() {
        let (created, life) = (Timestamp::UNIX_EPOCH, hours(90 * 24));
        let expires = created + life;
        let rotation = Rotation {
            spread: hours(24 * 10),
            ..Rotation::before(hours(14 * 24))
        };
        let mut per_day = [0; 10];
        for index in 0..2_000 {
            let id = TokenId::new(format!("token-{index}"));
            let token = RotatedToken {
                id: &id,
                created,
                expires,
            };
            let ahead = expires.duration_since(rotation.due_from(token)) - hours(14 * 24);
            assert!(!ahead.is_negative() && ahead < hours(24 * 10), "{ahead:?}");
            assert_eq!(rotation.due_from(token), rotation.due_from(token));
            per_day[usize::try_from(ahead.as_hours() / 24).unwrap()] += 1;
        }
        assert!(
            per_day.iter().all(|day| (150..250).contains(day)),
            "{per_day:?}"
        );
    }

    #[test]
    fn a_rotation_waits_for_its_window_while_enough_time_is_left() {
        let end: Timestamp = "2026-03-31T12:00:00Z".parse().unwrap();
        let id = TokenId::new("t");
        let token = RotatedToken {
            id: &id,
            created: end - hours(90 * 24),
            expires: end,
        };
        let saturday = Window::new(1 << 5, 120, 180);
        let rotation = Rotation {
            window: saturday,
            ..Rotation::before(hours(14 * 24))
        };
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let overlap = Overlap::default();
        for (now, expected) in [
            (
                "2026-03-17T11:59:59Z",
                RotationState::NotDue(at("2026-03-17T12:00:00Z")),
            ),
            (
                "2026-03-17T12:00:00Z",
                RotationState::WaitsForWindow(at("2026-03-21T02:00:00Z")),
            ),
            ("2026-03-21T04:59:00Z", RotationState::Due),
            (
                "2026-03-21T05:00:00Z",
                RotationState::WaitsForWindow(at("2026-03-28T02:00:00Z")),
            ),
            // The next window opens after the end.
            (
                "2026-03-28T05:00:00Z",
                RotationState::DueOutsideWindow(at("2026-04-04T02:00:00Z")),
            ),
        ] {
            let state = rotation.state(token, overlap, at(now));
            assert_eq!(state, expected, "{now}");
        }
        // An overlap of four days needs four days.
        let long = Overlap::of(hours(4 * 24));
        let state = rotation.state(token, long, at("2026-03-21T05:00:00Z"));
        let opens = at("2026-03-28T02:00:00Z");
        assert_eq!(state, RotationState::DueOutsideWindow(opens));
    }
}
