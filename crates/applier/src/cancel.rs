//! Cancellation of a run between two steps (Ctrl-C, SIGTERM).

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// How long a run that is to stop goes on waiting for what ISC does by itself, such as an
/// import.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// How long a run that is to stop finishes what is in flight; then it is abandoned.
pub const FINISHING: Duration = Duration::from_secs(20);

/// A request to stop. Operations in flight are finished, no new one begins.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<watch::Sender<Option<Instant>>>);

impl Cancel {
    /// No stop is requested yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Requests a stop as soon as the operations in flight have ended.
    pub fn cancel(&self) {
        self.0.send_if_modified(|since| {
            let is_first = since.is_none();
            since.get_or_insert_with(Instant::now);
            is_first
        });
    }

    /// Whether a stop is requested.
    pub fn is_cancelled(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Waits until a stop is requested.
    pub async fn cancelled(&self) {
        self.cancelled_for(Duration::ZERO).await;
    }

    /// Waits until a stop has been requested for so long.
    pub(crate) async fn cancelled_for(&self, time: Duration) {
        let mut requests = self.0.subscribe();
        // The sender lives as long as this does, so waiting cannot fail.
        let since = match requests.wait_for(Option::is_some).await {
            Ok(since) => *since,
            Err(_) => None,
        };
        if let Some(since) = since {
            tokio::time::sleep_until(since + time).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn patience_counts_from_the_first_request() {
        let cancel = Cancel::new();
        cancel.cancel();
        let begin = Instant::now();
        tokio::time::sleep(Duration::from_secs(2)).await;
        cancel.cancel();
        cancel.cancelled().await;
        assert_eq!(begin.elapsed().as_secs(), 2);
        cancel.cancelled_for(PATIENCE).await;
        assert_eq!(begin.elapsed().as_secs(), 5);
    }
}
