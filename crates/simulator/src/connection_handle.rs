//! What a connection and the requests on it share: whether it is broken, answering or displaced.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::Waker;

use futures::task::AtomicWaker;

/// What a connection and the requests on it share.
#[derive(Debug, Clone, Default)]
pub(crate) struct ConnectionHandle(Arc<Flags>);

#[derive(Debug, Default)]
struct Flags {
    broken: AtomicBool,
    answering: AtomicBool,
    /// How many requests were begun to be answered.
    requests: AtomicU64,
    /// Another connection has its place.
    displaced: AtomicBool,
    /// Who reads from the connection.
    reader: AtomicWaker,
}

impl ConnectionHandle {
    /// Breaks the connection: a request can do so with its own.
    pub(crate) fn reset(&self) {
        self.0.broken.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.0.broken.load(Ordering::Relaxed)
    }

    /// Ends the connection, because another one takes its place.
    pub(crate) fn displace(&self) {
        self.0.displaced.store(true, Ordering::Relaxed);
        self.0.reader.wake();
    }

    /// Whether another connection has its place. The reader is woken when that changes.
    pub(crate) fn is_displaced(&self, reader: &Waker) -> bool {
        self.0.reader.register(reader);
        self.0.displaced.load(Ordering::Relaxed)
    }

    pub(crate) fn is_answering(&self) -> bool {
        self.0.answering.load(Ordering::Relaxed)
    }

    /// How many requests were begun to be answered.
    pub(crate) fn requests(&self) -> u64 {
        self.0.requests.load(Ordering::Relaxed)
    }

    /// While this is kept, the connection waits for no request.
    pub(crate) fn answering(&self) -> Answering {
        self.0.answering.store(true, Ordering::Relaxed);
        self.0.requests.fetch_add(1, Ordering::Relaxed);
        Answering(self.clone())
    }
}

/// A request is being answered.
pub(crate) struct Answering(ConnectionHandle);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.0.answering.store(false, Ordering::Relaxed);
    }
}
