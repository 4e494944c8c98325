//! Identities, and the refresh that makes, changes and ends them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::events::Event;
use super::identity_profiles::IdentityProfile;
use super::tasks::{About, TaskKind, Work, WorkDone};
use super::{Tenant, delays};
use crate::clock::iso;
use crate::errors::Refusal;

/// How far a person has come with registering, as ISC's `identityStatus`.
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
    by_id: BTreeMap<String, Identity>,
    /// The alias in lower case, to id. Aliases are unique.
    by_alias: HashMap<String, String>,
    by_profile: HashMap<String, BTreeSet<String>>,
    by_level: HashMap<String, BTreeSet<String>>,
}

impl Identities {
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
        Ok(identities)
    }
}

impl Tenant {
    pub(crate) fn identity(&self, id: &str) -> Result<&Identity, Refusal> {
        self.identities
            .get(id)
            .ok_or_else(|| Refusal::not_found(format!("Identity {id}")))
    }

    /// A reference to an identity, as owners and managers are written.
    pub(crate) fn identity_reference(&self, id: &str) -> Value {
        json!({
            "type": "IDENTITY",
            "id": id,
            "name": self.identities.get(id).map_or("", |identity| identity.name.as_str()),
        })
    }

    /// The identity as ISC answers it.
    pub(crate) fn identity_wire(&self, identity: &Identity) -> Value {
        let mut attributes: Map<String, Value> = identity
            .attributes
            .iter()
            .map(|(name, value)| (name.clone(), json!(value)))
            .collect();
        attributes.insert("cloudStatus".into(), json!(identity.status.as_str()));
        attributes.insert(
            "internalCloudStatus".into(),
            json!(identity.status.as_str()),
        );
        attributes.insert("displayName".into(), json!(identity.name));
        if let Some(profile) = identity
            .profile
            .as_ref()
            .and_then(|id| self.profiles.get(id))
        {
            attributes.insert("cloudAuthoritativeSource".into(), json!(profile.source));
        }
        json!({
            "id": identity.id,
            "name": identity.name,
            "created": iso(identity.created),
            "modified": iso(identity.modified),
            "alias": identity.alias,
            "emailAddress": identity.email(),
            "processingState": null,
            "identityStatus": identity.status.as_str(),
            "managerRef": null,
            "isManager": false,
            "lastRefresh": iso(identity.last_refresh),
            "attributes": attributes,
            "lifecycleState": identity.lifecycle_state.as_ref().map(|state| json!({
                "stateName": state, "manuallyUpdated": identity.lifecycle_state_by_hand,
            })),
        })
    }

    /// Submits the refresh of some identities.
    pub(crate) fn submit_identity_processing(
        &mut self,
        launcher: &str,
        ids: Vec<String>,
    ) -> Result<String, Refusal> {
        if ids.is_empty() || ids.len() > 250 {
            return Err(Refusal::illegal_value(
                "identityIds must have 1 to 250 entries.",
            ));
        }
        let work = Work::ProcessIdentities { identities: ids };
        Ok(self.start_task(
            TaskKind::IdentityRefresh,
            launcher,
            About::default(),
            work,
            delays::IDENTITY_REFRESH,
        ))
    }

    pub(super) fn process_identities_now(&mut self, ids: &[String]) -> WorkDone {
        for id in ids {
            let Some(identity) = self.identities.get(id) else {
                continue;
            };
            let profile = identity
                .profile
                .as_ref()
                .and_then(|profile| self.profiles.get(profile))
                .cloned();
            let account = identity.account.clone();
            if let (Some(profile), Some(account)) = (profile, account) {
                if self.accounts.get(&account).is_some() {
                    self.refresh_account(&profile, &account);
                } else {
                    self.remove_identity(id);
                }
            }
        }
        WorkDone::success()
    }

    /// Deletes an identity. One whose account is still there comes back with the next refresh.
    pub(crate) fn delete_identity(&mut self, id: &str) -> Result<(), Refusal> {
        if self.identity(id)?.protected {
            return Err(Refusal::bad_request(
                "A protected identity cannot be deleted.",
            ));
        }
        if self
            .sources
            .values()
            .any(|source| source.owner.as_deref() == Some(id))
        {
            return Err(Refusal::reference(
                "The identity owns a source and cannot be deleted.",
            ));
        }
        self.remove_identity(id);
        self.touch();
        Ok(())
    }

    /// Makes identities from the accounts of a profile's source, and changes those that are there.
    pub(super) fn refresh_identities(&mut self, profile_id: &str, everything: bool) {
        let Some(profile) = self.profiles.get(profile_id).cloned() else {
            return;
        };
        if profile.enabled {
            let accounts: Vec<String> = self
                .accounts
                .of_source(&profile.source)
                .filter(|account| {
                    everything
                        || account
                            .identity
                            .as_ref()
                            .and_then(|id| self.identities.get(id))
                            .is_none_or(|identity| identity.last_refresh < account.modified)
                })
                .map(|account| account.id.clone())
                .collect();
            for account in accounts {
                self.refresh_account(&profile, &account);
            }
        }
        if everything && let Some(profile) = self.profiles.get_mut(profile_id) {
            profile.refresh_required = false;
        }
        // A refresh also notices what is gone, but deletes it in its own time.
        let orphaned = self
            .identities
            .ids_of_profile(profile_id)
            .iter()
            .filter_map(|id| self.identities.get(id))
            .any(|identity| {
                identity
                    .account
                    .as_ref()
                    .is_some_and(|id| self.accounts.get(id).is_none())
            });
        if orphaned {
            self.after(delays::IDENTITY_DELETION, Event::IdentityDeletion);
        }
    }

    fn refresh_account(&mut self, profile: &IdentityProfile, account_id: &str) {
        let Some(account) = self.accounts.get(account_id) else {
            return;
        };
        let attributes: BTreeMap<String, String> = profile
            .mappings
            .iter()
            .filter_map(|mapping| {
                let value = mapping.transform_definition.evaluate(&account.attributes)?;
                Some((mapping.identity_attribute_name.clone(), value))
            })
            .collect();
        // Without a uid there is no identity; tenants list such accounts in an exception report.
        let Some(alias) = attributes.get("uid").cloned() else {
            return;
        };
        let account_id = account.id.clone();
        let mut linked = account.identity.clone();
        if let Some(id) = &linked
            && self
                .identities
                .get(id)
                .is_some_and(|identity| !identity.alias.eq_ignore_ascii_case(&alias))
        {
            // Another uid is another identity: the old one goes, and its tokens with it.
            let id = id.clone();
            self.remove_identity(&id);
            linked = None;
        }
        let linked = linked.filter(|id| self.identities.contains(id));
        let id = match linked {
            Some(id) => id,
            None => match self.identities.by_alias(&alias) {
                // Someone else has the name: an exception. An orphan of the same profile is taken up again.
                Some(other) => {
                    let orphan = other.profile.as_deref() == Some(&profile.id)
                        && other
                            .account
                            .as_ref()
                            .is_some_and(|id| self.accounts.get(id).is_none());
                    if !orphan {
                        return;
                    }
                    other.id.clone()
                }
                None => self.ids.hex(),
            },
        };
        let now = self.now;
        let name = attributes
            .get("displayName")
            .cloned()
            .or_else(|| full_name(attributes.get("firstname"), attributes.get("lastname")))
            .unwrap_or_else(|| alias.clone());
        let state = attributes.get("cloudLifecycleState").cloned();
        match self.identities.get(&id) {
            Some(_) => self.identities.update(&id, |identity| {
                if identity.attributes != attributes || identity.name != name {
                    identity.modified = now;
                }
                identity.alias = alias;
                identity.name = name;
                identity.attributes = attributes;
                identity.account = Some(account_id.clone());
                identity.last_refresh = now;
                if !identity.lifecycle_state_by_hand {
                    identity.lifecycle_state = state;
                }
            }),
            None => self.identities.insert(Identity {
                id: id.clone(),
                alias,
                name,
                attributes,
                profile: Some(profile.id.clone()),
                account: Some(account_id.clone()),
                status: IdentityStatus::Unregistered,
                invited: None,
                registered: None,
                levels: Vec::new(),
                lifecycle_state: state,
                lifecycle_state_by_hand: false,
                protected: false,
                created: now,
                modified: now,
                last_refresh: now,
            }),
        }
        self.accounts
            .update(&account_id, |account| account.identity = Some(id));
    }

    pub(super) fn delete_orphaned_identities(&mut self) {
        let orphans: Vec<String> = self
            .identities
            .all()
            .filter(|identity| {
                identity
                    .account
                    .as_ref()
                    .is_some_and(|id| self.accounts.get(id).is_none())
            })
            .map(|identity| identity.id.clone())
            .collect();
        for id in orphans {
            self.remove_identity(&id);
        }
    }

    /// Ends an identity, and what belongs to it.
    pub(super) fn remove_identity(&mut self, id: &str) {
        self.identities.remove(id);
        self.tokens.remove_of_owner(id);
        let accounts: Vec<String> = self
            .accounts
            .of_identity(id)
            .map(|account| account.id.clone())
            .collect();
        for account in accounts {
            self.accounts
                .update(&account, |account| account.identity = None);
        }
    }
}

/// First and last name with a space; the two being the same, as for a service account, is one name.
fn full_name(first: Option<&String>, last: Option<&String>) -> Option<String> {
    match (first, last) {
        (Some(first), Some(last)) if first == last => Some(first.clone()),
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    }
}
