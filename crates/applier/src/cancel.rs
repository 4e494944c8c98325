//! Cancellation of a run between two steps (Ctrl-C).

use std::sync::Arc;
use tokio::sync::watch;

/// A request to stop. Operations in flight are finished, no new one begins.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<watch::Sender<bool>>);

impl Cancel {
    /// No stop is requested yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Requests a stop as soon as the operations in flight have ended.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether a stop is requested.
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until a stop is requested.
    pub(crate) async fn cancelled(&self) {
        // The sender lives as long as this does, so waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|cancelled| *cancelled).await;
    }
}
