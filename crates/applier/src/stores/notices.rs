//! Notices of the stores: what a person should know, at every verbosity.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Texts, each kept once. Clones share the same list.
#[derive(Clone, Debug, Default)]
pub(super) struct Notices(Arc<Mutex<BTreeSet<String>>>);

impl Notices {
    pub(super) fn add(&self, text: String) {
        // Nothing panics while it holds the lock.
        let mut notices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        notices.insert(text);
    }

    pub(super) fn take(&self) -> Vec<String> {
        let mut notices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *notices).into_iter().collect()
    }
}
