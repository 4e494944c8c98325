//! Configuration of the client: address, credential, rate, timeouts, retries.

use crate::BaseUrl;
use model::{Attempt, Credential, Redactor};
use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

/// The settings of a client.
#[derive(Clone, Debug)]
pub struct Config {
    /// The tenant's API.
    pub base_url: BaseUrl,
    /// Who steersman runs as.
    pub credential: Credential,
    /// How many requests may be sent, for each client id.
    pub rate: RateBudget,
    /// How long to wait for a response.
    pub timeouts: Timeouts,
    /// How often idempotent requests are retried.
    pub retry: RetryPolicy,
    /// How many requests may be in flight at a time, for each client id.
    pub parallel: NonZeroU32,
    /// The value of the header `User-Agent`.
    pub user_agent: String,
    /// Certificates of authorities to trust beside those of the system, in PEM form.
    pub authorities: Vec<u8>,
    /// Who is told of long waits.
    pub waits: Waits,
    /// Who is told of each attempt of a request.
    pub attempts: Attempts,
    /// Learns every client secret and access token. A tenant can repeat them in an
    /// error, so they are redacted there before anything is cut off.
    pub redactor: Redactor,
}

/// Who is told that the client waits because the tenant asks for it.
#[derive(Clone, Default)]
pub struct Waits(Option<Arc<dyn Fn(Duration) + Send + Sync>>);

impl Waits {
    /// Calls this at the beginning of a long wait and every 30 seconds, with what is
    /// left of it.
    pub fn new(told: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(told)))
    }

    pub(crate) fn told(&self, left: Duration) {
        if let Some(told) = &self.0 {
            told(left);
        }
    }
}

impl fmt::Debug for Waits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Waits")
            .field(&self.0.is_some())
            .finish()
    }
}

/// Who is told of each attempt of a request, while whoever sent it waits for it.
#[derive(Clone, Default)]
pub struct Attempts(Option<Told>);

type Told = Arc<dyn Fn(&Attempt) + Send + Sync>;

impl Attempts {
    /// Calls this at the end of each attempt.
    pub fn new(told: impl Fn(&Attempt) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(told)))
    }

    pub(crate) fn told(&self, attempt: impl FnOnce() -> Attempt) {
        if let Some(told) = &self.0 {
            told(&attempt());
        }
    }
}

impl fmt::Debug for Attempts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Attempts")
            .field(&self.0.is_some())
            .finish()
    }
}

impl Config {
    /// The settings that fit ISC as it documents itself.
    pub fn new(base_url: BaseUrl, credential: Credential) -> Self {
        Self {
            base_url,
            credential,
            rate: RateBudget::default(),
            timeouts: Timeouts::default(),
            retry: RetryPolicy::default(),
            parallel: NonZeroU32::MIN.saturating_add(23),
            user_agent: concat!("steersman/", env!("CARGO_PKG_VERSION")).to_owned(),
            authorities: Vec::new(),
            waits: Waits::default(),
            attempts: Attempts::default(),
            redactor: Redactor::default(),
        }
    }
}

/// How many requests a client id may send in ten seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateBudget(Option<NonZeroU32>);

/// A share that is out of range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the share of the rate limit must be 1% to 100%, not {0}%")]
pub struct RateBudgetError(u32);

impl RateBudget {
    /// ISC's documented limit: 100 requests in ten seconds for each client id.
    pub const ISC_LIMIT: u32 = 100;
    /// The time that the limit counts in.
    pub const WINDOW: Duration = Duration::from_secs(10);

    /// A share of ISC's limit, in percent. The rest is left for others that use
    /// the same credential.
    pub fn share(percent: u32) -> Result<Self, RateBudgetError> {
        NonZeroU32::new(percent * Self::ISC_LIMIT / 100)
            .filter(|requests| requests.get() <= Self::ISC_LIMIT)
            .map(|requests| Self(Some(requests)))
            .ok_or(RateBudgetError(percent))
    }

    /// No bound, for tenants that have none.
    pub const fn unlimited() -> Self {
        Self(None)
    }

    /// How many requests are let through in ten seconds; none for no bound.
    pub const fn requests(self) -> Option<NonZeroU32> {
        self.0
    }
}

impl Default for RateBudget {
    /// 80 % of ISC's limit.
    fn default() -> Self {
        Self(NonZeroU32::new(80))
    }
}

/// Timeouts of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// For a whole response, from the first byte sent.
    pub answer: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_mins(1),
        }
    }
}

/// How often idempotent requests are retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many attempts a request has at most, the first included.
    pub attempts: u32,
    /// The wait before the second attempt; it doubles with each further one and has
    /// jitter.
    pub base_delay: Duration,
    /// The longest wait where the tenant does not say how long.
    pub longest_wait: Duration,
    /// For how long a request is repeated, without the waits that the tenant asks for.
    pub longest: Duration,
    /// The longest wait that the tenant may ask for with `Retry-After`. Beyond it the
    /// request fails at once, and says when to come back.
    pub longest_asked: Duration,
}

impl RetryPolicy {
    /// How often a request is repeated: with the growing waits, an outage of a minute is
    /// ridden out.
    pub const RETRIES: u32 = 9;
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: Self::RETRIES + 1,
            base_delay: Duration::from_millis(500),
            longest_wait: Duration::from_secs(20),
            longest: Duration::from_secs(90),
            longest_asked: Duration::from_mins(5),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_the_documented_limit() {
        for (percent, requests) in [(1, 1), (80, 80), (100, 100)] {
            let budget = RateBudget::share(percent).unwrap();
            assert_eq!(budget.requests().unwrap().get(), requests);
        }
        for percent in [0, 101] {
            assert!(RateBudget::share(percent).is_err(), "{percent}");
        }
        assert_eq!(RateBudget::unlimited().requests(), None);
        assert_eq!(RateBudget::share(80).unwrap(), RateBudget::default());
    }
}
