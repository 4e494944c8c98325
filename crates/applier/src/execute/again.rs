//! Bounds of writes that are made anew after another reading.
//!
//! The transport never sends a write again that rests on what was read: while it waits,
//! others change what the write would overwrite. A step reads and checks again instead.

use crate::step_error::StepError;
use model::TenantError;
use std::future::Future;
use std::time::Duration;
use tokio::time::Instant;

/// How often a write is made at most.
const MOST: u32 = 5;

/// How long after the first try another one may begin.
const LONGEST: Duration = Duration::from_mins(15);

/// The tries of one write.
pub(super) struct Tries {
    made: u32,
    since: Instant,
}

impl Tries {
    pub(super) fn new() -> Self {
        Self {
            made: 1,
            since: Instant::now(),
        }
    }

    /// Returns if what the write rests on is to be read and checked again, and the write
    /// to be made anew.
    ///
    /// # Errors
    /// The error of a write that failed for good, or too often.
    pub(super) fn after(&mut self, error: TenantError) -> Result<(), TenantError> {
        let may_go_on = self.made < MOST && self.since.elapsed() < LONGEST;
        if may_go_on && error.asks_to_read_again() {
            tracing::debug!(error = %error, tries = self.made, "reading again");
            self.made += 1;
            Ok(())
        } else {
            Err(error.given_up(self.made))
        }
    }

    /// The error of a write that is not tried again, because it could not be read.
    pub(super) fn ended(&self, error: TenantError) -> TenantError {
        error.given_up(self.made)
    }
}

/// Makes all of a step anew, with its reading and its checks, while its write asks for it.
pub(super) async fn with_its_reading<V, F>(mut step: impl FnMut() -> F) -> Result<V, StepError>
where
    F: Future<Output = Result<V, StepError>>,
{
    let mut tries = Tries::new();
    loop {
        match step().await {
            Err(StepError::Tenant(error)) => tries.after(error)?,
            result => return result,
        }
    }
}
