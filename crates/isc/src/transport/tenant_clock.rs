//! Clock of the tenant, from the `Date` headers of its responses.

use jiff::{SignedDuration, Timestamp};
use std::sync::Mutex;
use std::time::Instant;

/// The tenant's clock.
#[derive(Default)]
pub(super) struct TenantClock(Mutex<State>);

/// How far the dates of one reading may be apart. A simulated clock can be fast.
const AGREE: SignedDuration = SignedDuration::from_hours(1);

/// How many dates of a reading are compared.
const MOST: usize = 1000;

#[derive(Default)]
struct State {
    latest: Option<(Timestamp, Instant)>,
    /// The dates of the responses since the reading began, and when each was heard.
    since: Vec<(Timestamp, Instant)>,
    /// How far this machine's clock was ahead at the latest response.
    ahead: Option<SignedDuration>,
}

impl TenantClock {
    /// Records the `Date` of a response.
    pub(super) fn heard(&self, date: Timestamp) {
        if let Ok(mut state) = self.0.lock() {
            let heard = (date, Instant::now());
            state.latest = Some(heard);
            state.ahead = Some(Timestamp::now().duration_since(date));
            if state.since.len() < MOST {
                state.since.push(heard);
            }
        }
    }

    /// How far this machine's clock is ahead of the tenant's.
    pub(super) fn ahead(&self) -> Option<SignedDuration> {
        self.0.lock().ok()?.ahead
    }

    /// Begins a reading: the next response dates its begin.
    pub(super) fn begin(&self) {
        if let Ok(mut state) = self.0.lock() {
            state.since.clear();
        }
    }

    /// What the clock shows now: by the latest response, else by this machine's clock.
    pub(super) fn now(&self) -> Timestamp {
        let latest = self.0.lock().ok().and_then(|state| state.latest);
        latest.and_then(since).unwrap_or_else(Timestamp::now)
    }

    /// When the reading began: by its first response that most others agree with, else by
    /// the last response before it, else by this machine's clock. A single wrong date would
    /// end tokens that are in use.
    pub(super) fn began(&self) -> Timestamp {
        let state = self.0.lock().ok();
        state
            .and_then(|state| first_agreed(&state.since).or_else(|| since(state.latest?)))
            .unwrap_or_else(Timestamp::now)
    }
}

/// What a clock shows now that showed a date when it was heard.
fn since((date, heard): (Timestamp, Instant)) -> Option<Timestamp> {
    let since = SignedDuration::try_from(heard.elapsed()).ok()?;
    date.checked_add(since).ok()
}

/// The first date that agrees with the one in the middle; of two that differ, the earlier.
fn first_agreed(heard: &[(Timestamp, Instant)]) -> Option<Timestamp> {
    let (_, begin) = heard.first()?;
    let begins = |(date, at): &(Timestamp, Instant)| {
        let since = SignedDuration::try_from(at.duration_since(*begin)).ok()?;
        date.checked_sub(since).ok()
    };
    let mut sorted: Vec<Timestamp> = heard.iter().filter_map(begins).collect();
    sorted.sort_unstable();
    let middle = *sorted.get(sorted.len().checked_sub(1)? / 2)?;
    let agrees = |heard: &&(Timestamp, Instant)| {
        begins(heard).is_some_and(|begin| begin.duration_since(middle).abs() <= AGREE)
    };
    heard.iter().find(agrees).map(|(date, _)| *date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_date_does_not_count() {
        let days = |days: i64| Timestamp::from_second(1_788_256_800 + days * 86_400).unwrap();
        let table: [(&[i64], Option<i64>); 8] = [
            (&[], None),
            (&[100], Some(100)),
            // Less is over by the earlier one.
            (&[100, 0], Some(0)),
            (&[0, 100], Some(0)),
            (&[100, 0, 0], Some(0)),
            (&[-100, 0, 0], Some(0)),
            (&[0, 0, 100], Some(0)),
            (&[100, 0, 0, -100, 0], Some(0)),
        ];
        for (dates, expected) in table {
            let heard: Vec<_> = dates
                .iter()
                .map(|date| (days(*date), Instant::now()))
                .collect();
            assert_eq!(first_agreed(&heard), expected.map(days), "{dates:?}");
        }
    }

    #[test]
    fn the_first_answer_of_a_reading_counts() {
        let clock = TenantClock::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        clock.heard(at(100));
        clock.begin();
        assert_eq!(clock.began().as_second(), 100);
        clock.heard(at(200));
        clock.heard(at(201));
        assert_eq!(clock.began(), at(200));
    }
}
