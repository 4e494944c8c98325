//! Table for finding things by key, which cannot be listed.
//!
//! A plan is the same bytes for the same inputs, so nothing in this crate may depend
//! on the order of a hash table. This one has no order: it finds, and that is all. An
//! ordered table of 100,000 names compares 17 of them to find one, and each of these
//! is somewhere else in memory.

#![expect(
    clippy::disallowed_types,
    reason = "its order cannot be seen: nothing here lists what it holds"
)]

use foldhash::HashMap;
use foldhash::fast::RandomState;
use std::borrow::Borrow;
use std::hash::Hash;

/// Values by key, in no order.
#[derive(Clone, Debug)]
pub(crate) struct Lookup<K, V>(HashMap<K, V>);

impl<K: Eq + Hash, V> Lookup<K, V> {
    /// Nothing yet, with room for so many keys.
    pub(crate) fn with_capacity(keys: usize) -> Self {
        Self(HashMap::with_capacity_and_hasher(
            keys,
            RandomState::default(),
        ))
    }

    /// The value of a key.
    pub(crate) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.0.get(key)
    }

    /// Whether the key has a value.
    pub(crate) fn has<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.0.contains_key(key)
    }

    /// Gives a key a value, and returns the one that it had.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.0.insert(key, value)
    }

    /// Takes the value of a key away.
    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        self.0.remove(key)
    }

    /// The value of a key, which is made where it has none.
    pub(crate) fn entry(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        self.0.entry(key).or_insert_with(make)
    }
}

impl<K, V> Default for Lookup<K, V> {
    fn default() -> Self {
        Self(HashMap::default())
    }
}

impl<K: Eq + Hash, V> FromIterator<(K, V)> for Lookup<K, V> {
    /// Of several values of a key the last is kept.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_key() {
        let mut lookup: Lookup<String, u8> = [("one".to_owned(), 1), ("one".to_owned(), 2)]
            .into_iter()
            .collect();
        assert_eq!(lookup.get("one"), Some(&2));
        assert!(!lookup.has("two"));
        assert_eq!(lookup.insert("two".to_owned(), 3), None);
        assert_eq!(lookup.insert("two".to_owned(), 4), Some(3));
        *lookup.entry("two".to_owned(), || 9) += 1;
        *lookup.entry("three".to_owned(), || 9) += 1;
        assert_eq!(
            (lookup.get("two"), lookup.get("three")),
            (Some(&5), Some(&10))
        );
    }
}
