//! Cache of list queries: the ids of their rows, valid until the tenant changes.

use std::collections::VecDeque;
use std::sync::Arc;

/// How many queries are cached.
const REMEMBERED: usize = 16;

/// Deviations of lists that faults inject.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ListBehavior {
    pub(crate) short_page: bool,
    pub(crate) given: Given,
    pub(crate) changing_total: bool,
    /// Another number, another order of lists without sorters.
    pub(crate) shuffle: Option<u64>,
}

/// How many of the rows of a list are given, as if there were no others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Given {
    #[default]
    All,
    FirstHalf,
    Nothing,
}

/// The ids of the rows of the latest queries.
#[derive(Debug, Default)]
pub(crate) struct ListCache {
    entries: VecDeque<Entry>,
}

#[derive(Debug)]
struct Entry {
    key: String,
    generation: u64,
    ids: Arc<Vec<String>>,
}

impl ListCache {
    /// The ids of a query's rows in this generation of the tenant, computed if they are not remembered.
    pub(super) fn remembered(
        &mut self,
        key: String,
        generation: u64,
        ids: impl FnOnce() -> Vec<String>,
    ) -> Arc<Vec<String>> {
        let known = self
            .entries
            .iter()
            .find(|entry| entry.generation == generation && entry.key == key);
        if let Some(entry) = known {
            return Arc::clone(&entry.ids);
        }
        let ids = Arc::new(ids());
        self.entries.retain(|entry| entry.generation == generation);
        if self.entries.len() >= REMEMBERED {
            self.entries.pop_front();
        }
        self.entries.push_back(Entry {
            key,
            generation,
            ids: Arc::clone(&ids),
        });
        ids
    }
}
