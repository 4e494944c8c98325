//! Request budget of one client id.

use crate::config::RateBudget;
use governor::clock::Clock as _;
use governor::{DefaultDirectRateLimiter, Quota};
use std::num::NonZeroU32;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

/// Admits at most its number of requests in any 10 seconds, and none while the
/// tenant has asked to wait.
///
/// A single token bucket would admit its burst and the refill in the first window,
/// and so either break ISC's limit or stay far below it. Instead each request of a
/// window has a cell of its own, which opens once a window; the cells are used in
/// turn. So the whole budget can be one burst, and the steady rate is the budget,
/// too.
pub(super) struct Budget {
    /// How many requests may be in flight at a time. Each client id has a bound of
    /// its own, so that one that waits for its budget does not block others.
    under_way: Semaphore,
    cells: Vec<DefaultDirectRateLimiter>,
    next: AtomicUsize,
    closed_until: Mutex<Option<Instant>>,
    /// Until when the tenant has asked to wait, where that is longer than a run waits.
    refused_until: Mutex<Option<Instant>>,
    /// When the next request may be sent, once the budget was used up.
    paced: Mutex<Option<Instant>>,
    window: Duration,
}

/// Added to the window: requests can reach the tenant closer together than they
/// were sent.
const MARGIN: Duration = Duration::from_millis(250);

impl Budget {
    pub(super) fn new(rate: RateBudget, parallel: NonZeroU32) -> Self {
        Self::in_window(rate, parallel, RateBudget::WINDOW + MARGIN)
    }

    fn in_window(rate: RateBudget, parallel: NonZeroU32, window: Duration) -> Self {
        let parallel = usize::try_from(parallel.get()).unwrap_or(usize::MAX);
        let requests = rate.requests().map_or(0, NonZeroU32::get);
        let cells = (0..requests)
            .filter_map(|_| Quota::with_period(window))
            .map(DefaultDirectRateLimiter::direct)
            .collect();
        Self {
            under_way: Semaphore::new(parallel.min(Semaphore::MAX_PERMITS)),
            cells,
            next: AtomicUsize::new(0),
            closed_until: Mutex::new(None),
            refused_until: Mutex::new(None),
            paced: Mutex::new(None),
            window,
        }
    }

    /// Waits until a request may be sent. It is in flight until the permit is dropped.
    ///
    /// # Errors
    /// How long the tenant has asked to wait, where a run does not wait so long.
    pub(super) async fn admit(&self) -> Result<Option<SemaphorePermit<'_>>, Duration> {
        // The semaphore is never closed; if it were, there would just be no bound.
        let permit = self.under_way.acquire().await.ok();
        if let Some(cell) = self.next_cell() {
            let mut is_used_up = false;
            while let Err(not_until) = cell.check() {
                is_used_up = true;
                let wait = not_until.wait_time_from(cell.clock().now());
                tokio::time::sleep(wait).await;
            }
            tokio::time::sleep_until(self.turn(is_used_up)).await;
        }
        loop {
            if let Some(until) = later(&self.refused_until) {
                return Err(until - Instant::now());
            }
            let Some(until) = later(&self.closed_until) else {
                return Ok(permit);
            };
            tokio::time::sleep_until(until).await;
        }
    }

    /// When a request that has a cell is sent: at once, until the budget is used up; then
    /// one after the other.
    fn turn(&self, is_used_up: bool) -> Instant {
        let now = Instant::now();
        let Ok(mut paced) = self.paced.lock() else {
            return now;
        };
        if paced.is_some_and(|next| next + self.window < now) {
            *paced = None;
        }
        if paced.is_none() && !is_used_up {
            return now;
        }
        let requests = u32::try_from(self.cells.len()).unwrap_or(u32::MAX).max(1);
        let turn = paced.map_or(now, |next| next.max(now));
        *paced = Some(turn + self.window / requests);
        turn
    }

    /// Admits no request any more for this time, which is longer than a run waits.
    pub(super) fn refuse_for(&self, wait: Duration) {
        if let Ok(mut refused) = self.refused_until.lock() {
            *refused = Instant::now().checked_add(wait);
        }
    }

    /// Admits no request for a while: the tenant has responded with 429. Returns whether
    /// that is news: of several requests that were refused at once one tells it.
    pub(super) fn close_for(&self, wait: Duration) -> bool {
        let until = Instant::now() + wait;
        let Ok(mut closed) = self.closed_until.lock() else {
            return true;
        };
        let is_news = closed.is_none_or(|earlier| earlier <= Instant::now());
        *closed = Some(closed.map_or(until, |earlier| earlier.max(until)));
        is_news
    }

    fn next_cell(&self) -> Option<&DefaultDirectRateLimiter> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        self.cells.get(turn.checked_rem(self.cells.len())?)
    }
}

/// A time that is still to come.
fn later(time: &Mutex<Option<Instant>>) -> Option<Instant> {
    let time = *time.lock().ok()?;
    time.filter(|until| *until > Instant::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_window_lets_its_budget_through_and_no_more() {
        let window = Duration::from_millis(200);
        let budget = Budget::in_window(RateBudget::share(5).unwrap(), NonZeroU32::MIN, window);
        let begin = Instant::now();
        for _ in 0..5 {
            budget.admit().await.unwrap();
        }
        // The others wait for the first window to be over, and then go one by one. A machine
        // that is busy sends them later, and none earlier.
        for slot in 0..7 {
            budget.admit().await.unwrap();
            let sent = begin.elapsed();
            // Clocks tick coarsely; a few milliseconds early is not too early.
            let least = window + window / 5 * slot;
            let is_due = sent + Duration::from_millis(5) >= least;
            assert!(is_due, "{slot}: {sent:?} of {least:?}");
        }
    }

    #[tokio::test]
    async fn the_first_requests_of_a_window_go_at_once() {
        let window = Duration::from_secs(5);
        // A busy machine can stand still once, and not each time.
        let mut took = Vec::new();
        for _ in 0..5 {
            let budget = Budget::in_window(RateBudget::share(5).unwrap(), NonZeroU32::MIN, window);
            let begin = Instant::now();
            for _ in 0..5 {
                budget.admit().await.unwrap();
            }
            took.push(begin.elapsed());
        }
        let at_once = |took: &Duration| *took < window / 5;
        assert!(took.iter().any(at_once), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_closed_budget_lets_nothing_through() {
        let budget = Budget::new(RateBudget::unlimited(), NonZeroU32::MIN);
        let begin = Instant::now();
        budget.admit().await.unwrap();
        assert_eq!(begin.elapsed(), Duration::ZERO);
        budget.close_for(Duration::from_secs(7));
        budget.close_for(Duration::from_secs(3));
        budget.admit().await.unwrap();
        assert_eq!(begin.elapsed().as_secs(), 7);
        budget.admit().await.unwrap();
        assert_eq!(begin.elapsed().as_secs(), 7);
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_is_too_long_is_refused_to_all() {
        let budget = Budget::new(RateBudget::unlimited(), NonZeroU32::MIN);
        budget.refuse_for(Duration::from_mins(10));
        assert_eq!(budget.admit().await.unwrap_err().as_secs(), 600);
        tokio::time::sleep(Duration::from_secs(400)).await;
        assert_eq!(budget.admit().await.unwrap_err().as_secs(), 200);
        tokio::time::sleep(Duration::from_secs(200)).await;
        assert!(budget.admit().await.is_ok());
    }
}
