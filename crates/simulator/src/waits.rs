//! Connections that wait for a request, so that the oldest of them can give its place to another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::connection_handle::ConnectionHandle;

/// The connections that wait for a request.
#[derive(Debug, Default)]
pub(crate) struct Waits {
    waiting: Mutex<Waiting>,
    /// One more waits.
    pub(crate) begun: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    next: u64,
    all: HashMap<u64, Waiter>,
}

#[derive(Debug)]
pub(crate) struct Waiter {
    pub(crate) since: Instant,
    /// The requests before it.
    pub(crate) after: u64,
    pub(crate) handle: ConnectionHandle,
}

impl Waiter {
    /// Whether it still waits: its request may have come since.
    fn waits(&self) -> bool {
        !self.handle.is_answering() && self.handle.requests() == self.after
    }
}

impl Waits {
    fn all(&self) -> MutexGuard<'_, Waiting> {
        // Each change of it is whole, so what a panic leaves is good.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn begin(self: &Arc<Self>, waiter: Waiter) -> Registered {
        let mut waiting = self.all();
        waiting.next += 1;
        let key = waiting.next;
        waiting.all.insert(key, waiter);
        drop(waiting);
        self.begun.notify_one();
        Registered {
            key,
            waits: Arc::clone(self),
        }
    }

    /// Since when the one waits that waits for longest.
    pub(crate) fn oldest(&self) -> Option<Instant> {
        let waiting = self.all();
        let still = waiting.all.values().filter(|waiter| waiter.waits());
        still.map(|waiter| waiter.since).min()
    }

    /// Ends the connection that waits for longest.
    pub(crate) fn displace_oldest(&self) {
        let waiting = self.all();
        let still = waiting.all.values().filter(|waiter| waiter.waits());
        if let Some(oldest) = still.min_by_key(|waiter| waiter.since) {
            oldest.handle.displace();
        }
    }
}

/// A wait that is known, until this is dropped.
#[derive(Debug)]
pub(crate) struct Registered {
    key: u64,
    waits: Arc<Waits>,
}

impl Registered {
    /// The request has begun to come.
    pub(crate) fn restart(&self, now: Instant) {
        if let Some(waiter) = self.waits.all().all.get_mut(&self.key) {
            waiter.since = now;
        }
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.waits.all().all.remove(&self.key);
    }
}
