//! Stopping a run between two steps.

use std::sync::Arc;
use tokio::sync::watch;

/// A wish to stop. What is in flight is finished, nothing new is begun.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<watch::Sender<bool>>);

impl Cancel {
    /// Nobody wants to stop yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stop as soon as what is in flight has ended.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether somebody wants to stop.
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until somebody wants to stop.
    pub(crate) async fn cancelled(&self) {
        // The sender lives as long as this does, so waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|cancelled| *cancelled).await;
    }
}
