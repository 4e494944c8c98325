//! Interrupts of a run: the request to stop, and whether it ended a wait.

use crate::cancel::Cancel;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The request to stop (Ctrl-C), as the waits of a run see it.
pub(crate) struct Interrupts<'run> {
    cancel: &'run Cancel,
    ended_a_wait: AtomicBool,
}

impl<'run> Interrupts<'run> {
    pub(super) fn new(cancel: &'run Cancel) -> Self {
        Self {
            cancel,
            ended_a_wait: AtomicBool::new(false),
        }
    }

    /// Waits until a stop has been requested for so long.
    pub(crate) async fn requested_for(&self, time: Duration) {
        self.cancel.cancelled_for(time).await;
    }

    /// Remembers that a wait ended early because a stop was requested.
    pub(crate) fn record(&self) {
        self.ended_a_wait.store(true, Ordering::Relaxed);
    }

    /// Whether a wait ended early because a stop was requested.
    pub(crate) fn ended_a_wait(&self) -> bool {
        self.ended_a_wait.load(Ordering::Relaxed)
    }
}
