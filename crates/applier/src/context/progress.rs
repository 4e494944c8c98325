//! Progress of a run: events for the sink, notices for the outcome.

use model::{Address, Counted, Event, EventSink, Redactor};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Sends events to the one sink of the run and keeps the notices.
pub(crate) struct Progress<'run> {
    events: &'run dyn EventSink,
    redactor: &'run Redactor,
    notices: Mutex<Vec<String>>,
}

impl<'run> Progress<'run> {
    pub(super) fn new(events: &'run dyn EventSink, redactor: &'run Redactor) -> Self {
        Self {
            events,
            redactor,
            notices: Mutex::default(),
        }
    }

    pub(crate) fn event(&self, event: Event) {
        self.events.event(event);
    }

    /// Reports that steps wait for the tenant.
    pub(crate) fn waiting(
        &self,
        addresses: &[Address],
        on: &str,
        progress: Option<Counted>,
        since: Instant,
    ) {
        self.event(Event::Waiting {
            addresses: addresses.to_vec(),
            on: self.redactor.redact(on).into_owned(),
            elapsed: since.elapsed(),
            progress,
        });
    }

    /// Reports what a person should know, now and in the outcome.
    pub(crate) fn notice(&self, address: &Address, text: &str) {
        let text = self.redactor.redact(text).into_owned();
        self.notices().push(format!("{address}: {text}"));
        self.event(Event::Notice {
            address: address.clone(),
            text,
        });
    }

    /// All notices so far.
    pub(crate) fn take_notices(&self) -> Vec<String> {
        std::mem::take(&mut self.notices())
    }

    fn notices(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        // Nothing panics while it holds the lock; even then the list is whole.
        self.notices.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
