//! Virtual clock of the simulator: real, accelerated, or moved by hand.
//!
//! The clock only gives the time. Events are in the tenant's queue, which runs up to the present
//! before each request is answered.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// How virtual time passes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ClockMode {
    /// A virtual second takes a second.
    Real,
    /// Virtual seconds per real second. Must be positive and finite.
    Accelerated(f64),
    /// Time stops until the control surface moves it.
    Manual,
}

impl std::fmt::Display for ClockMode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Real => f.write_str("real"),
            Self::Accelerated(factor) => write!(f, "accelerated {factor} times"),
            Self::Manual => f.write_str("manual"),
        }
    }
}

/// A clock that starts at a given virtual time.
#[derive(Debug)]
pub(crate) struct Clock {
    mode: ClockMode,
    base: Timestamp,
    started: Instant,
}

impl Clock {
    pub(crate) fn starting_at(base: Timestamp, mode: ClockMode) -> Self {
        Self {
            mode,
            base,
            started: instant(),
        }
    }

    pub(crate) fn mode(&self) -> ClockMode {
        self.mode
    }

    /// The virtual time now.
    pub(crate) fn now(&self) -> Timestamp {
        let elapsed = self.started.elapsed().as_secs_f64();
        let passed = match self.mode {
            ClockMode::Real => elapsed,
            ClockMode::Accelerated(factor) => elapsed * factor,
            ClockMode::Manual => 0.0,
        };
        SignedDuration::try_from_secs_f64(passed)
            .ok()
            .and_then(|passed| self.base.checked_add(passed).ok())
            .unwrap_or(Timestamp::MAX)
    }

    /// Moves the clock forward to `time`; going back is refused by answering `false`.
    pub(crate) fn set(&mut self, time: Timestamp) -> bool {
        let now = self.now();
        if time < now {
            return false;
        }
        self.base = time;
        self.started = instant();
        true
    }

    /// Virtual seconds per real second, where virtual time passes by itself.
    pub(crate) fn factor(&self) -> Option<f64> {
        match self.mode {
            ClockMode::Real => Some(1.0),
            ClockMode::Accelerated(factor) => Some(factor),
            ClockMode::Manual => None,
        }
    }
}

/// The machine's time.
#[expect(
    clippy::disallowed_methods,
    reason = "virtual time starts from the machine's"
)]
pub(crate) fn real_now() -> Timestamp {
    Timestamp::now()
}

/// An instant of the machine's, to measure what takes real time.
#[expect(
    clippy::disallowed_methods,
    reason = "real time passes by the machine's clock"
)]
pub(crate) fn instant() -> Instant {
    Instant::now()
}

/// Milliseconds are what ISC writes; the rest is cut so that what is written is what is compared.
pub(crate) fn to_millisecond(time: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(time.as_millisecond()).unwrap_or(time)
}

/// A time as ISC writes it: `2026-12-31T23:59:59.999Z`.
pub(crate) fn iso(time: Timestamp) -> String {
    format!("{:.3}", to_millisecond(time))
}

/// Whether two values say the same: clients read times into types of their own, and write them back
/// in another spelling (`…59.999000+00:00`), which is no change.
pub(crate) fn says_the_same(left: &Value, right: &Value) -> bool {
    left == right
        || matches!((time_of(left), time_of(right)), (Some(left), Some(right)) if left == right)
}

/// The time that a text is, in any spelling of RFC 3339.
pub(crate) fn time_of(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok().map(to_millisecond)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_time_in_another_spelling_says_the_same() {
        let written = json!("2026-12-31T23:59:59.999Z");
        for (other, expected) in [
            (json!("2026-12-31T23:59:59.999000+00:00"), true),
            (json!("2027-01-01T00:59:59.999+01:00"), true),
            (json!("2026-12-31T23:59:59.998Z"), false),
            (json!(null), false),
            (json!("no time"), false),
        ] {
            assert_eq!(says_the_same(&written, &other), expected, "{other}");
        }
        assert!(says_the_same(&json!([1]), &json!([1])));
        assert!(!says_the_same(&json!("a"), &json!("b")));
    }

    #[test]
    fn a_manual_clock_moves_forward_only() {
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let mut clock = Clock::starting_at(start, ClockMode::Manual);
        assert_eq!(clock.now(), start);
        let later = start + SignedDuration::from_hours(1);
        assert!(clock.set(later));
        assert_eq!(clock.now(), later);
        assert!(!clock.set(start));
    }

    #[test]
    fn times_have_three_decimals() {
        let time: Timestamp = "2026-01-01T00:00:00.12345Z".parse().unwrap();
        assert_eq!(iso(time), "2026-01-01T00:00:00.123Z");
        assert_eq!(
            iso("2026-01-01T00:00:00Z".parse().unwrap()),
            "2026-01-01T00:00:00.000Z"
        );
    }
}
