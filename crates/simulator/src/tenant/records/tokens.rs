//! Personal access tokens of the tenant, indexed by owner.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::tracked::{RowChanges, Table};

/// A personal access token. The secret is kept as it is: this is a simulator, and its state a fixture.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PersonalAccessToken {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) name: String,
    /// What the token says.
    pub(crate) scopes: Vec<String>,
    /// What new access tokens get: a change takes a while to arrive here.
    pub(crate) effective_scopes: Vec<String>,
    pub(crate) owner: String,
    pub(crate) created: Timestamp,
    pub(crate) last_used: Option<Timestamp>,
    pub(crate) managed: bool,
    pub(crate) validity_seconds: i64,
    pub(crate) expires: Option<Timestamp>,
    pub(crate) aware_of_never_expiring: bool,
}

impl std::fmt::Debug for PersonalAccessToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonalAccessToken")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("owner", &self.owner)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

/// All tokens, by id and by owner.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Tokens {
    by_id: Table<PersonalAccessToken>,
    by_owner: HashMap<String, BTreeSet<String>>,
}

impl Tokens {
    pub(crate) fn take_changes(&mut self) -> RowChanges<PersonalAccessToken> {
        self.by_id.take_changes()
    }

    pub(crate) fn apply(&mut self, changes: RowChanges<PersonalAccessToken>) {
        let RowChanges { put, gone } = changes;
        for id in gone {
            self.remove(&id);
        }
        for token in put.into_values() {
            self.insert(token);
        }
        self.by_id.forget_changes();
    }

    pub(crate) fn forget_changes(&mut self) {
        self.by_id.forget_changes();
    }

    pub(crate) fn get(&self, id: &str) -> Option<&PersonalAccessToken> {
        self.by_id.get(id)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &PersonalAccessToken> {
        self.by_id.values()
    }

    pub(crate) fn of_owner(&self, owner: &str) -> impl Iterator<Item = &PersonalAccessToken> {
        self.by_owner
            .get(owner)
            .into_iter()
            .flatten()
            .filter_map(|id| self.by_id.get(id))
    }

    pub(crate) fn insert(&mut self, token: PersonalAccessToken) {
        self.by_owner
            .entry(token.owner.clone())
            .or_default()
            .insert(token.id.clone());
        self.by_id.insert(token.id.clone(), token);
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<PersonalAccessToken> {
        let token = self.by_id.remove(id)?;
        if let Some(ids) = self.by_owner.get_mut(&token.owner) {
            ids.remove(id);
            if ids.is_empty() {
                self.by_owner.remove(&token.owner);
            }
        }
        Some(token)
    }

    pub(crate) fn remove_of_owner(&mut self, owner: &str) {
        for id in self.by_owner.remove(owner).unwrap_or_default() {
            self.by_id.remove(&id);
        }
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut PersonalAccessToken> {
        self.by_id.get_mut(id)
    }
}

impl Serialize for Tokens {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.by_id.values())
    }
}

impl<'de> Deserialize<'de> for Tokens {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut tokens = Self::default();
        for token in Vec::<PersonalAccessToken>::deserialize(deserializer)? {
            tokens.insert(token);
        }
        tokens.by_id.forget_changes();
        Ok(tokens)
    }
}
