//! When the next round begins: the interval with jitter, or a backoff after a failure.

use model::Digest;
use std::time::Duration;

/// The first retry after a failure.
const FIRST: Duration = Duration::from_secs(30);

/// The pace of a loop. It counts by the time that passes, so a clock that jumps does not
/// change it.
pub(super) struct Pace {
    every: Duration,
    /// What makes programs that start together differ.
    seed: u32,
    round: u64,
    failures: u32,
}

impl Pace {
    pub(super) fn new(every: Duration, seed: u32) -> Self {
        Self {
            every,
            seed,
            round: 0,
            failures: 0,
        }
    }

    /// How long to wait. A failed round is retried after 30 s, 60 s and so on, and never
    /// later than the interval.
    pub(super) fn next(&mut self, went_well: bool) -> Duration {
        self.round = self.round.wrapping_add(1);
        self.failures = if went_well {
            0
        } else {
            self.failures.saturating_add(1)
        };
        let delay = match self.failures {
            0 => self.every,
            failures => {
                let factor = 2_u32.saturating_pow(failures - 1);
                FIRST.saturating_mul(factor).min(self.every)
            }
        };
        self.with_jitter(delay)
    }

    /// Between 90 and 110 hundredths of a time.
    fn with_jitter(&self, delay: Duration) -> Duration {
        let digest = Digest::of(&(self.seed, self.round));
        let first = digest.as_str().bytes().take(4);
        let number = first.fold(0_u32, |sum, byte| sum.wrapping_mul(31) + u32::from(byte));
        let hundredths = 90 + number % 21;
        delay.saturating_mul(hundredths) / 100
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_retried_sooner_and_at_most_once_in_an_interval() {
        let every = Duration::from_secs(900);
        let mut pace = Pace::new(every, 7);
        let near = |found: Duration, seconds: u64| {
            let (low, high) = (seconds * 9 / 10, seconds * 11 / 10);
            assert!(
                (low..=high).contains(&found.as_secs()),
                "{found:?} {seconds}"
            );
        };
        near(pace.next(true), 900);
        // A tenant that is down for a night.
        for seconds in [30, 60, 120, 240, 480, 900, 900] {
            near(pace.next(false), seconds);
        }
        for _ in 0..100 {
            near(pace.next(false), 900);
        }
        near(pace.next(true), 900);
        near(pace.next(false), 30);
        let mut short = Pace::new(Duration::from_secs(10), 7);
        near(short.next(false), 10);
        let mut none = Pace::new(Duration::ZERO, 7);
        assert_eq!(none.next(false), Duration::ZERO);
    }

    #[test]
    fn programs_that_start_together_do_not_stay_together() {
        let every = Duration::from_secs(900);
        let delays: std::collections::BTreeSet<Duration> = (0..50)
            .map(|seed| Pace::new(every, seed).next(true))
            .collect();
        assert!(delays.len() > 5, "{delays:?}");
    }
}
