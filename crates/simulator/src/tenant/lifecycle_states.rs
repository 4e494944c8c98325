//! Lifecycle states of identity profiles.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::ids::Ids;
use super::sources::{optional_text, required_text};
use super::tasks::{About, TaskKind, Work, WorkDone};
use super::{Tenant, delays};
use crate::clock::iso;
use crate::errors::Refusal;

/// A lifecycle state. The simulator keeps what it would do to accounts and access, and does none of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct LifecycleState {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) technical_name: String,
    pub(crate) enabled: bool,
    pub(crate) description: Option<String>,
    pub(crate) identity_state: Option<String>,
    pub(crate) priority: Option<i64>,
    /// Notifications, account actions and the like.
    pub(crate) passive: Map<String, Value>,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
}

const PASSIVE: [&str; 4] = [
    "emailNotificationOption",
    "accountActions",
    "accessProfileIds",
    "accessActionConfiguration",
];

impl LifecycleState {
    /// The states that a new profile has.
    pub(crate) fn defaults(ids: &mut Ids, now: Timestamp) -> Vec<Self> {
        [
            ("Active", "active", "ACTIVE"),
            ("Inactive", "inactive", "INACTIVE_SHORT_TERM"),
        ]
        .into_iter()
        .map(|(name, technical_name, state)| Self {
            id: ids.hex(),
            name: name.into(),
            technical_name: technical_name.into(),
            enabled: technical_name == "active",
            description: None,
            identity_state: Some(state.into()),
            priority: None,
            passive: Map::new(),
            created: now,
            modified: now,
        })
        .collect()
    }

    /// The state as ISC answers it.
    pub(crate) fn wire(&self, identity_count: usize) -> Value {
        let mut wire = json!({
            "id": self.id,
            "name": self.name,
            "created": iso(self.created),
            "modified": iso(self.modified),
            "enabled": self.enabled,
            "technicalName": self.technical_name,
            "description": self.description,
            "identityCount": identity_count,
            "emailNotificationOption": {
                "notifyManagers": false, "notifyAllAdmins": false, "notifySpecificUsers": false, "emailAddressList": [],
            },
            "accountActions": [],
            "accessProfileIds": [],
            "identityState": self.identity_state,
            "accessActionConfiguration": {"removeAllAccessEnabled": false},
            "priority": self.priority,
        });
        if let Value::Object(map) = &mut wire {
            for (name, value) in &self.passive {
                map.insert(name.clone(), value.clone());
            }
        }
        wire
    }

    fn read(&mut self, body: &Value) -> Result<(), Refusal> {
        self.name = required_text(body, "name")?;
        self.description = optional_text(body, "description")?;
        self.enabled = body
            .get("enabled")
            .and_then(Value::as_bool)
            .unwrap_or(false);
        self.identity_state = optional_text(body, "identityState")?;
        if let Some(state) = &self.identity_state
            && !["ACTIVE", "INACTIVE_SHORT_TERM", "INACTIVE_LONG_TERM"].contains(&state.as_str())
        {
            return Err(Refusal::illegal_value(format!(
                "identityState cannot be {state:?}."
            )));
        }
        self.priority = body.get("priority").and_then(Value::as_i64);
        self.passive = PASSIVE
            .into_iter()
            .filter_map(|field| {
                body.get(field)
                    .map(|value| (field.to_owned(), value.clone()))
            })
            .collect();
        Ok(())
    }
}

impl Tenant {
    pub(crate) fn lifecycle_state(
        &self,
        profile: &str,
        id: &str,
    ) -> Result<&LifecycleState, Refusal> {
        self.profile(profile)?
            .lifecycle_states
            .iter()
            .find(|state| state.id == id)
            .ok_or_else(|| Refusal::not_found(format!("Lifecycle state {id}")))
    }

    /// How many identities of the profile are in the state.
    pub(crate) fn count_in_state(&self, profile: &str, technical_name: &str) -> usize {
        self.identities
            .ids_of_profile(profile)
            .iter()
            .filter_map(|id| self.identities.get(id))
            .filter(|identity| identity.lifecycle_state.as_deref() == Some(technical_name))
            .count()
    }

    /// Adds a state to a profile.
    pub(crate) fn create_lifecycle_state(
        &mut self,
        profile: &str,
        body: &Value,
    ) -> Result<String, Refusal> {
        let found = self.profile(profile)?;
        let technical_name = required_text(body, "technicalName")?;
        if found
            .lifecycle_states
            .iter()
            .any(|state| state.technical_name == technical_name)
        {
            return Err(Refusal::illegal_value(format!(
                "The technical name {technical_name:?} is taken."
            )));
        }
        let mut state = LifecycleState {
            id: self.ids.hex(),
            name: String::new(),
            technical_name,
            enabled: false,
            description: None,
            identity_state: None,
            priority: None,
            passive: Map::new(),
            created: self.now,
            modified: self.now,
        };
        state.read(body)?;
        let id = state.id.clone();
        if let Some(profile) = self.profiles.get_mut(profile) {
            profile.lifecycle_states.push(state);
        }
        self.touch();
        Ok(id)
    }

    /// Makes a state what `wanted` says; `wanted` is the whole representation after a patch.
    pub(crate) fn change_lifecycle_state(
        &mut self,
        profile: &str,
        id: &str,
        wanted: &Value,
    ) -> Result<(), Refusal> {
        let mut state = self.lifecycle_state(profile, id)?.clone();
        let current = state.wire(self.count_in_state(profile, &state.technical_name));
        for field in [
            "id",
            "technicalName",
            "created",
            "modified",
            "identityCount",
        ] {
            if wanted.get(field) != current.get(field) {
                return Err(Refusal::illegal_update(format!(
                    "Illegal attempt to modify {field}."
                )));
            }
        }
        state.read(wanted)?;
        state.modified = self.now;
        if let Some(place) = self.profiles.get_mut(profile).and_then(|profile| {
            profile
                .lifecycle_states
                .iter_mut()
                .find(|state| state.id == id)
        }) {
            *place = state;
        }
        self.touch();
        Ok(())
    }

    /// Submits the deletion of a state.
    pub(crate) fn submit_lifecycle_state_deletion(
        &mut self,
        launcher: &str,
        profile: &str,
        id: &str,
    ) -> Result<String, Refusal> {
        self.lifecycle_state(profile, id)?;
        let work = Work::DeleteLifecycleState {
            profile: profile.to_owned(),
            state: id.to_owned(),
        };
        Ok(self.start_task(
            TaskKind::Deletion,
            launcher,
            About::default(),
            work,
            delays::ACCOUNT_CHANGE,
        ))
    }

    pub(super) fn delete_lifecycle_state_now(&mut self, profile: &str, id: &str) -> WorkDone {
        if let Some(profile) = self.profiles.get_mut(profile) {
            profile.lifecycle_states.retain(|state| state.id != id);
        }
        WorkDone::success()
    }

    /// Puts an identity into a state by hand.
    pub(crate) fn set_lifecycle_state(
        &mut self,
        identity: &str,
        state: &str,
    ) -> Result<(), Refusal> {
        let profile = self.identity(identity)?.profile.clone().unwrap_or_default();
        let technical_name = self
            .lifecycle_state(&profile, state)
            .map_err(|_| {
                Refusal::illegal_value(format!(
                    "The identity's profile has no lifecycle state {state}."
                ))
            })?
            .technical_name
            .clone();
        let now = self.now;
        self.identities.update(identity, |identity| {
            identity.lifecycle_state = Some(technical_name);
            identity.lifecycle_state_by_hand = true;
            identity.modified = now;
        });
        self.touch();
        Ok(())
    }
}
