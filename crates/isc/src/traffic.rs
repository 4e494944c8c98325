//! Traffic of a run: requests, retries, and time that the tenant has asked to wait.

use std::time::Duration;

/// What a run has sent so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Requests, sign-ins and retries included.
    pub requests: u64,
    /// How many of them were repeated ones.
    pub retries: u64,
    /// How long the tenant has asked to wait after "too many requests".
    pub throttled: Duration,
}
