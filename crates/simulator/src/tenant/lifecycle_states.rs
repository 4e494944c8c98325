//! Creates, changes, deletes and sets lifecycle states.

use serde_json::{Map, Value};

use super::fields::{refuse_changes, required_text};
use super::records::{About, LifecycleState, TaskKind, Work, WorkDone};
use super::{Tenant, delays};
use crate::errors::Refusal;

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
        refuse_changes(
            wanted,
            &current,
            &[
                "id",
                "technicalName",
                "created",
                "modified",
                "identityCount",
            ],
        )?;
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
            identity
                .attributes
                .insert("cloudLifecycleState".to_owned(), technical_name.clone());
            identity.lifecycle_state = Some(technical_name);
            identity.lifecycle_state_by_hand = true;
            identity.modified = now;
        });
        self.touch();
        Ok(())
    }
}
