//! Runs blocking file and CPU-heavy work on Tokio's blocking threads.

use super::StoreError;

/// Runs work that would block other tasks on a thread of its own.
pub(super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or(Err(StoreError::Abandoned))
}
