//! Collections that know which of their rows have changed since they were last asked.
//!
//! The changes are what the log beside a state file holds, so that the size of a change and not
//! that of the tenant decides what saving it costs. Rows can be changed in no other way.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Rows by their id.
#[derive(Debug, Clone)]
pub(crate) struct Table<T> {
    rows: BTreeMap<String, T>,
    changed: BTreeSet<String>,
}

/// What has changed in a table: rows as they are now, and the ids of those that are gone.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RowChanges<T> {
    #[serde(default = "BTreeMap::new", skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) put: BTreeMap<String, T>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) gone: Vec<String>,
}

impl<T> Table<T> {
    pub(crate) fn insert(&mut self, id: String, row: T) -> Option<T> {
        self.changed.insert(id.clone());
        self.rows.insert(id, row)
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<T> {
        let (id, row) = self.rows.remove_entry(id)?;
        self.changed.insert(id);
        Some(row)
    }

    /// A row to be changed; it counts as changed, whatever the caller does with it.
    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        let row = self.rows.get_mut(id)?;
        self.changed.insert(id.to_owned());
        Some(row)
    }

    /// Counts nothing as changed.
    pub(crate) fn forget_changes(&mut self) {
        self.changed.clear();
    }

    /// The changes, which are then forgotten.
    pub(crate) fn take_changes(&mut self) -> RowChanges<T>
    where
        T: Clone,
    {
        let mut changes = RowChanges::default();
        for id in std::mem::take(&mut self.changed) {
            match self.rows.get(&id) {
                Some(row) => drop(changes.put.insert(id, row.clone())),
                None => changes.gone.push(id),
            }
        }
        changes
    }

    /// Makes changes that were taken from another copy.
    pub(crate) fn apply(&mut self, changes: RowChanges<T>) {
        let RowChanges { put, gone } = changes;
        for id in gone {
            self.rows.remove(&id);
        }
        self.rows.extend(put);
    }
}

impl<T> RowChanges<T> {
    pub(crate) fn is_empty(&self) -> bool {
        self.put.is_empty() && self.gone.is_empty()
    }
}

impl<T> Default for RowChanges<T> {
    fn default() -> Self {
        Self {
            put: BTreeMap::new(),
            gone: Vec::new(),
        }
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        BTreeMap::new().into()
    }
}

impl<T> From<BTreeMap<String, T>> for Table<T> {
    fn from(rows: BTreeMap<String, T>) -> Self {
        Self {
            rows,
            changed: BTreeSet::new(),
        }
    }
}

impl<T> Deref for Table<T> {
    type Target = BTreeMap<String, T>;

    fn deref(&self) -> &Self::Target {
        &self.rows
    }
}

/// What has changed since when is nothing that a table is.
impl<T: PartialEq> PartialEq for Table<T> {
    fn eq(&self, other: &Self) -> bool {
        self.rows == other.rows
    }
}

impl<T: Serialize> Serialize for Table<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.rows.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Table<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(Self::from)
    }
}

/// A row of a series is found by a key of its own.
pub(crate) trait Keyed {
    fn key(&self) -> &str;
}

impl Keyed for String {
    fn key(&self) -> &str {
        self
    }
}

/// Rows in the order in which they came.
#[derive(Debug, Clone)]
pub(crate) struct Series<T> {
    rows: Vec<T>,
    /// How many rows at the end are new.
    added: usize,
    /// The keys of the others that are gone.
    gone: Vec<String>,
}

/// What has changed in a series.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SeriesChanges<T> {
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub(crate) added: Vec<T>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    gone: Vec<String>,
}

impl<T: Keyed> Series<T> {
    pub(crate) fn push(&mut self, row: T) {
        self.added += 1;
        self.rows.push(row);
    }

    /// Takes out the row at this place, which must be there.
    pub(crate) fn remove(&mut self, index: usize) -> T {
        let is_new = index >= self.rows.len() - self.added;
        let row = self.rows.remove(index);
        if is_new {
            self.added -= 1;
        } else {
            self.gone.push(row.key().to_owned());
        }
        row
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        let mut index = 0;
        while index < self.rows.len() {
            if keep(&self.rows[index]) {
                index += 1;
            } else {
                self.remove(index);
            }
        }
    }

    pub(crate) fn forget_changes(&mut self) {
        self.added = 0;
        self.gone.clear();
    }

    pub(crate) fn take_changes(&mut self) -> SeriesChanges<T>
    where
        T: Clone,
    {
        let old = self.rows.len() - std::mem::take(&mut self.added);
        SeriesChanges {
            added: self.rows[old..].to_vec(),
            gone: std::mem::take(&mut self.gone),
        }
    }

    pub(crate) fn apply(&mut self, changes: SeriesChanges<T>) {
        let SeriesChanges { added, gone } = changes;
        for key in gone {
            if let Some(index) = self.rows.iter().position(|row| row.key() == key) {
                self.rows.remove(index);
            }
        }
        self.rows.extend(added);
    }
}

impl<T> SeriesChanges<T> {
    pub(crate) fn is_empty(&self) -> bool {
        self.added.is_empty() && self.gone.is_empty()
    }
}

impl<T> Default for SeriesChanges<T> {
    fn default() -> Self {
        Self {
            added: Vec::new(),
            gone: Vec::new(),
        }
    }
}

impl<T> Default for Series<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            added: 0,
            gone: Vec::new(),
        }
    }
}

impl<T> Deref for Series<T> {
    type Target = [T];

    fn deref(&self) -> &Self::Target {
        &self.rows
    }
}

impl<T: PartialEq> PartialEq for Series<T> {
    fn eq(&self, other: &Self) -> bool {
        self.rows == other.rows
    }
}

impl<T: Serialize> Serialize for Series<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.rows.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Series<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self {
            rows: Vec::deserialize(deserializer)?,
            added: 0,
            gone: Vec::new(),
        })
    }
}
