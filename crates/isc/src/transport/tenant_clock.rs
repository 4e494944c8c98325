//! Clock of the tenant, from the `Date` headers of its responses.

use jiff::{SignedDuration, Timestamp};
use std::sync::Mutex;
use std::time::Instant;

/// The tenant's clock.
#[derive(Default)]
pub(super) struct TenantClock(Mutex<State>);

#[derive(Default)]
struct State {
    latest: Option<(Timestamp, Instant)>,
    first_since: Option<Timestamp>,
    /// How far this machine's clock was ahead at the latest response.
    ahead: Option<SignedDuration>,
}

impl TenantClock {
    /// Records the `Date` of a response.
    pub(super) fn heard(&self, date: Timestamp) {
        if let Ok(mut state) = self.0.lock() {
            state.latest = Some((date, Instant::now()));
            state.ahead = Some(Timestamp::now().duration_since(date));
            state.first_since.get_or_insert(date);
        }
    }

    /// How far this machine's clock is ahead of the tenant's.
    pub(super) fn ahead(&self) -> Option<SignedDuration> {
        self.0.lock().ok()?.ahead
    }

    /// Begins a reading: the next response dates its begin.
    pub(super) fn begin(&self) {
        if let Ok(mut state) = self.0.lock() {
            state.first_since = None;
        }
    }

    /// When the reading began: by its first response, else by the last response
    /// before it, else by this machine's clock.
    pub(super) fn began(&self) -> Timestamp {
        let state = self.0.lock().ok();
        state
            .and_then(|state| {
                state.first_since.or_else(|| {
                    let (date, heard) = state.latest?;
                    let since = SignedDuration::try_from(heard.elapsed()).ok()?;
                    date.checked_add(since).ok()
                })
            })
            .unwrap_or_else(Timestamp::now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
