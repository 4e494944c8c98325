//! Counts what a command sends, and tells a run of what is sent again.

use crate::run_log::RunLog;
use model::{Attempt, Event, EventSink as _, Traffic};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The meter of one session.
#[derive(Default)]
pub(crate) struct Meter(Mutex<Count>);

#[derive(Default)]
struct Count {
    traffic: Traffic,
    /// Until when nothing is sent because of the rate limit.
    closed_until: Option<Instant>,
    log: Option<Arc<RunLog>>,
}

impl Meter {
    /// Takes note of an attempt of a request.
    pub(crate) fn heard(&self, attempt: &Attempt) {
        applier::heard(attempt);
        let log = {
            let mut count = self.count();
            count.add(attempt, Instant::now());
            count.log.clone()
        };
        if let Some(log) = log
            && attempt.waits.is_some()
        {
            log.event(Event::Retrying(attempt.clone()));
        }
    }

    /// Tells this log of what is sent again from now on.
    pub(crate) fn tell(&self, log: &Arc<RunLog>) {
        self.count().log = Some(Arc::clone(log));
    }

    /// What was sent so far.
    pub(crate) fn traffic(&self) -> Traffic {
        self.count().traffic
    }

    /// Counts from zero.
    pub(crate) fn restart(&self) {
        self.count().traffic = Traffic::default();
    }

    fn count(&self) -> MutexGuard<'_, Count> {
        // Nothing panics while it holds the lock; even then the counts are whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Count {
    fn add(&mut self, attempt: &Attempt, now: Instant) {
        self.traffic.requests += 1;
        if attempt.attempt > 1 {
            self.traffic.retried += 1;
        }
        if attempt.is_throttled() {
            self.traffic.throttled += 1;
            let wait = attempt.waits.unwrap_or(Duration::ZERO);
            // Requests that are refused at once wait together.
            let from = self.closed_until.map_or(now, |until| until.max(now));
            let until = now + wait;
            self.traffic.throttled_for += until.saturating_duration_since(from);
            self.closed_until = Some(until.max(from));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_that_wait_together_are_throttled_once() {
        let now = Instant::now();
        let attempt = |number, status, waits| Attempt {
            call: "GET /accounts/v1".to_owned(),
            attempt: number,
            reads: true,
            status: Some(status),
            tracking_id: None,
            waits,
        };
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        let mut count = Count::default();
        count.add(&attempt(1, 429, seconds(3)), now);
        count.add(&attempt(1, 429, seconds(4)), now);
        count.add(&attempt(2, 200, None), now + Duration::from_secs(4));
        count.add(&attempt(1, 503, seconds(1)), now + Duration::from_secs(4));
        count.add(&attempt(1, 429, seconds(2)), now + Duration::from_secs(10));
        assert_eq!(
            count.traffic,
            Traffic {
                requests: 5,
                retried: 1,
                throttled: 3,
                throttled_for: Duration::from_secs(6),
            }
        );
    }
}
