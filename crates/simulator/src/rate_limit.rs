//! ISC's rate limit: 100 requests in 10 seconds per client id and API version.

use std::collections::{HashMap, VecDeque};

/// Requests that a client may make within the window.
const REQUESTS: usize = 100;
/// The window, in milliseconds.
const WINDOW: i64 = 10_000;

/// Who has asked when. Times are milliseconds of whichever clock limits.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    asked: HashMap<(String, String), VecDeque<i64>>,
}

impl Limiter {
    /// Counts a request, or returns after how many milliseconds it would be admitted.
    pub(crate) fn admit(&mut self, client: &str, version: &str, now: i64) -> Result<(), i64> {
        let asked = self
            .asked
            .entry((client.to_owned(), version.to_owned()))
            .or_default();
        while asked.front().is_some_and(|first| first + WINDOW <= now) {
            asked.pop_front();
        }
        if asked.len() >= REQUESTS {
            let first = asked.front().copied().unwrap_or(now);
            return Err(first + WINDOW - now);
        }
        asked.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_in_ten_seconds_per_client_and_version() {
        let mut limiter = Limiter::default();
        for request in 0..100 {
            assert_eq!(limiter.admit("a", "v1", request), Ok(()));
        }
        assert_eq!(limiter.admit("a", "v1", 500), Err(9_500));
        assert_eq!(limiter.admit("a", "v2", 500), Ok(()));
        assert_eq!(limiter.admit("b", "v1", 500), Ok(()));
        assert_eq!(limiter.admit("a", "v1", 10_000), Ok(()));
        assert_eq!(limiter.admit("a", "v1", 10_000), Err(1));
    }
}
