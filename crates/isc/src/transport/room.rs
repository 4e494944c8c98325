//! Room for large responses: a bound on the memory that all responses take together.
//!
//! Each response has a limit of its own, but many are received at a time. One beyond
//! [`SMALL`] waits until there is room for it.

use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many MiB large responses may have together: the largest one alone, or eight pages.
const ALL: u32 = 64;

/// How many bytes a response may have without room of its own.
pub(super) const SMALL: usize = 256 << 10;

/// Room that large responses share.
pub(super) struct Room(Arc<Semaphore>);

/// A part of the room, which others get when it is dropped.
pub(crate) struct Taken {
    _permit: Option<OwnedSemaphorePermit>,
}

impl Default for Room {
    fn default() -> Self {
        let all = usize::try_from(ALL).unwrap_or(Semaphore::MAX_PERMITS);
        Self(Arc::new(Semaphore::new(all)))
    }
}

impl Room {
    /// Waits for room of so many MiB. It is taken at once and only once, so that no two
    /// responses wait for each other.
    pub(super) async fn take(&self, mebibytes: usize) -> Taken {
        let permits = u32::try_from(mebibytes).unwrap_or(ALL).clamp(1, ALL);
        // The semaphore is never closed; if it were, there would just be no bound.
        let permit = Arc::clone(&self.0).acquire_many_owned(permits).await.ok();
        Taken { _permit: permit }
    }
}

#[cfg(test)]
mod tests {
    use super::Room;
    use futures::FutureExt as _;

    #[tokio::test]
    async fn security_low_large_responses_share_64_mib() {
        let room = Room::default();
        let mut taken = Vec::new();
        for _ in 0..8 {
            taken.push(room.take(8).await);
        }
        assert!(room.take(1).now_or_never().is_none());
        taken.pop();
        let small = room.take(0).await;
        assert!(room.take(8).now_or_never().is_none());
        drop((taken, small));
        // More than there is at all does not wait for ever.
        let whole = room.take(usize::MAX).await;
        assert!(room.take(1).now_or_never().is_none());
        drop(whole);
    }
}
