//! Identities of the tenant, indexed by alias, profile and user level.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use super::tracked::{RowChanges, Table};

/// Registration of an identity, as ISC's `identityStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IdentityStatus {
    /// Never invited, or the invitation has expired.
    Unregistered,
    /// Invited.
    Pending,
    /// Registered: the person can sign in.
    Active,
}

impl IdentityStatus {
    /// As ISC spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unregistered => "UNREGISTERED",
            Self::Pending => "PENDING",
            Self::Active => "ACTIVE",
        }
    }

    /// As a public identity shows it.
    fn public_str(self) -> &'static str {
        match self {
            Self::Unregistered => "Unregistered",
            Self::Pending => "Pending",
            Self::Active => "Active",
        }
    }
}

/// An identity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Identity {
    pub(crate) id: String,
    /// The SailPoint user name: the value of `uid`.
    pub(crate) alias: String,
    pub(crate) name: String,
    pub(crate) attributes: BTreeMap<String, String>,
    /// Absent for what the tenant was born with.
    pub(crate) profile: Option<String>,
    /// The authoritative account, which may be gone already.
    pub(crate) account: Option<String>,
    pub(crate) status: IdentityStatus,
    /// When the invitation that is open was sent.
    pub(crate) invited: Option<Timestamp>,
    pub(crate) registered: Option<Timestamp>,
    pub(crate) levels: Vec<String>,
    pub(crate) lifecycle_state: Option<String>,
    pub(crate) lifecycle_state_by_hand: bool,
    pub(crate) protected: bool,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    pub(crate) last_refresh: Timestamp,
}

impl Identity {
    pub(crate) fn email(&self) -> Option<&str> {
        self.attributes.get("email").map(String::as_str)
    }

    /// The identity as every user may see it.
    pub(crate) fn public_wire(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "alias": self.alias,
            "email": self.email(),
            "status": self.status.public_str(),
            "identityState": self.attribute("identityState").filter(|state| {
                ["ACTIVE", "INACTIVE_SHORT_TERM", "INACTIVE_LONG_TERM"].contains(state)
            }),
            "manager": null,
            "attributes": [],
        })
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
}

/// All identities. Each change goes through here, so that the indexes are right.
#[expect(
    clippy::struct_field_names,
    reason = "each field says by what it finds"
)]
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Identities {
    by_id: Table<Identity>,
    /// The alias in lower case, to id. Aliases are unique.
    by_alias: HashMap<String, String>,
    by_profile: HashMap<String, BTreeSet<String>>,
    by_level: HashMap<String, BTreeSet<String>>,
}

impl Identities {
    pub(crate) fn take_changes(&mut self) -> RowChanges<Identity> {
        self.by_id.take_changes()
    }

    pub(crate) fn apply(&mut self, changes: RowChanges<Identity>) {
        let RowChanges { put, gone } = changes;
        for id in gone {
            self.remove(&id);
        }
        for identity in put.into_values() {
            self.insert(identity);
        }
        self.by_id.forget_changes();
    }

    pub(crate) fn forget_changes(&mut self) {
        self.by_id.forget_changes();
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Identity> {
        self.by_id.get(id)
    }

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Identity> {
        self.by_id.values()
    }

    pub(crate) fn by_alias(&self, alias: &str) -> Option<&Identity> {
        self.by_id.get(self.by_alias.get(&alias.to_lowercase())?)
    }

    pub(crate) fn ids_of_profile(&self, profile: &str) -> Vec<String> {
        self.by_profile
            .get(profile)
            .into_iter()
            .flatten()
            .cloned()
            .collect()
    }

    pub(crate) fn count_of_profile(&self, profile: &str) -> usize {
        self.by_profile.get(profile).map_or(0, BTreeSet::len)
    }

    /// Who holds a user level.
    pub(crate) fn holders(&self, level: &str) -> impl Iterator<Item = &Identity> {
        self.by_level
            .get(level)
            .into_iter()
            .flatten()
            .filter_map(|id| self.by_id.get(id))
    }

    pub(crate) fn count_holders(&self, level: &str) -> usize {
        self.by_level.get(level).map_or(0, BTreeSet::len)
    }

    pub(crate) fn insert(&mut self, identity: Identity) {
        self.remove(&identity.id);
        self.by_alias
            .insert(identity.alias.to_lowercase(), identity.id.clone());
        if let Some(profile) = &identity.profile {
            self.by_profile
                .entry(profile.clone())
                .or_default()
                .insert(identity.id.clone());
        }
        for level in &identity.levels {
            self.by_level
                .entry(level.clone())
                .or_default()
                .insert(identity.id.clone());
        }
        self.by_id.insert(identity.id.clone(), identity);
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<Identity> {
        let identity = self.by_id.remove(id)?;
        self.by_alias.remove(&identity.alias.to_lowercase());
        if let Some(profile) = &identity.profile {
            take_out(&mut self.by_profile, profile, id);
        }
        for level in &identity.levels {
            take_out(&mut self.by_level, level, id);
        }
        Some(identity)
    }

    pub(crate) fn update(&mut self, id: &str, change: impl FnOnce(&mut Identity)) {
        if let Some(mut identity) = self.remove(id) {
            change(&mut identity);
            self.insert(identity);
        }
    }
}

fn take_out(index: &mut HashMap<String, BTreeSet<String>>, key: &str, id: &str) {
    if let Some(ids) = index.get_mut(key) {
        ids.remove(id);
        if ids.is_empty() {
            index.remove(key);
        }
    }
}

impl Serialize for Identities {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.by_id.values())
    }
}

impl<'de> Deserialize<'de> for Identities {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut identities = Self::default();
        for identity in Vec::<Identity>::deserialize(deserializer)? {
            identities.insert(identity);
        }
        identities.by_id.forget_changes();
        Ok(identities)
    }
}
