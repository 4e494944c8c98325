//! Accounts of the tenant, indexed by source, native identity and identity.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::tracked::{RowChanges, Table};

/// Where an account came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Origin {
    Aggregated,
    Provisioned,
}

/// An account of a source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) source: String,
    pub(crate) native_identity: String,
    pub(crate) name: String,
    pub(crate) attributes: Map<String, Value>,
    pub(crate) identity: Option<String>,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) disabled: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) locked: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) manually_correlated: bool,
    pub(crate) origin: Origin,
    /// When an identity refresh looked at it last; older ones and those not looked at yet have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) examined: Option<Timestamp>,
}

/// All accounts of the tenant. Each change goes through here, so that the indexes are right.
#[expect(
    clippy::struct_field_names,
    reason = "each field says by what it finds"
)]
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Accounts {
    by_id: Table<Account>,
    /// Source, then native identity, to id.
    by_source: HashMap<String, BTreeMap<String, String>>,
    by_identity: HashMap<String, BTreeSet<String>>,
}

impl Accounts {
    pub(crate) fn take_changes(&mut self) -> RowChanges<Account> {
        self.by_id.take_changes()
    }

    pub(crate) fn apply(&mut self, changes: RowChanges<Account>) {
        let RowChanges { put, gone } = changes;
        for id in gone {
            self.remove(&id);
        }
        for account in put.into_values() {
            self.insert(account);
        }
        self.by_id.forget_changes();
    }

    pub(crate) fn forget_changes(&mut self) {
        self.by_id.forget_changes();
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Account> {
        self.by_id.get(id)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Account> {
        self.by_id.values()
    }

    /// The accounts of a source in the order of their native identities.
    pub(crate) fn of_source(&self, source: &str) -> impl Iterator<Item = &Account> {
        self.by_source
            .get(source)
            .into_iter()
            .flat_map(BTreeMap::values)
            .filter_map(|id| self.by_id.get(id))
    }

    pub(crate) fn count_of_source(&self, source: &str) -> usize {
        self.by_source.get(source).map_or(0, BTreeMap::len)
    }

    pub(crate) fn of_identity(&self, identity: &str) -> impl Iterator<Item = &Account> {
        self.by_identity
            .get(identity)
            .into_iter()
            .flatten()
            .filter_map(|id| self.by_id.get(id))
    }

    pub(crate) fn by_native_identity(&self, source: &str, native: &str) -> Option<&Account> {
        self.by_id.get(self.by_source.get(source)?.get(native)?)
    }

    /// Puts an account in, in the place of the one with its id.
    pub(crate) fn insert(&mut self, account: Account) {
        self.remove(&account.id);
        self.by_source
            .entry(account.source.clone())
            .or_default()
            .insert(account.native_identity.clone(), account.id.clone());
        if let Some(identity) = &account.identity {
            self.by_identity
                .entry(identity.clone())
                .or_default()
                .insert(account.id.clone());
        }
        self.by_id.insert(account.id.clone(), account);
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<Account> {
        let account = self.by_id.remove(id)?;
        if let Some(natives) = self.by_source.get_mut(&account.source) {
            natives.remove(&account.native_identity);
            if natives.is_empty() {
                self.by_source.remove(&account.source);
            }
        }
        self.unlink(&account);
        Some(account)
    }

    /// Changes an account in place; the source and the native identity must stay as they are.
    pub(crate) fn update(&mut self, id: &str, change: impl FnOnce(&mut Account)) {
        let Some(mut account) = self.by_id.remove(id) else {
            return;
        };
        self.unlink(&account);
        change(&mut account);
        if let Some(identity) = &account.identity {
            self.by_identity
                .entry(identity.clone())
                .or_default()
                .insert(account.id.clone());
        }
        self.by_id.insert(account.id.clone(), account);
    }

    fn unlink(&mut self, account: &Account) {
        if let Some(identity) = &account.identity
            && let Some(ids) = self.by_identity.get_mut(identity)
        {
            ids.remove(&account.id);
            if ids.is_empty() {
                self.by_identity.remove(identity);
            }
        }
    }
}

impl Serialize for Accounts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.by_id.values())
    }
}

impl<'de> Deserialize<'de> for Accounts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = Vec::<Account>::deserialize(deserializer)?;
        let mut accounts = Self::default();
        for account in list {
            accounts.insert(account);
        }
        accounts.by_id.forget_changes();
        Ok(accounts)
    }
}
