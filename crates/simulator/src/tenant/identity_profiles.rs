//! Creates, changes, processes and deletes identity profiles.

use serde_json::{Value, json};

use super::fields::{optional_text, refuse_changes, required_text};
use super::records::{
    About, Event, IdentityProfile, LifecycleState, Mapping, TaskKind, Work, WorkDone,
    account_mapping, add_default_mappings,
};
use super::{Tenant, delays};
use crate::clock::iso;
use crate::errors::Refusal;

impl Tenant {
    pub(crate) fn profile(&self, id: &str) -> Result<&IdentityProfile, Refusal> {
        self.profiles
            .get(id)
            .ok_or_else(|| Refusal::not_found(format!("Identity profile {id}")))
    }

    /// The profile as ISC answers it.
    pub(crate) fn profile_wire(&self, profile: &IdentityProfile) -> Value {
        json!({
            "id": profile.id,
            "name": profile.name,
            "created": iso(profile.created),
            "modified": iso(profile.modified),
            "description": profile.description,
            "owner": self.identity_reference(&profile.owner),
            "priority": profile.priority,
            "authoritativeSource": {
                "type": "SOURCE",
                "id": profile.source,
                "name": self.sources.get(&profile.source).map_or("", |source| source.name.as_str()),
            },
            "identityRefreshRequired": profile.refresh_required,
            "identityCount": self.identities.count_of_profile(&profile.id),
            "identityAttributeConfig": Self::attribute_config(profile.enabled, &profile.mappings),
            "identityExceptionReportReference": null,
            "hasTimeBasedAttr": false,
        })
    }

    fn attribute_config(enabled: bool, mappings: &[Mapping]) -> Value {
        json!({"enabled": enabled, "attributeTransforms": mappings})
    }

    /// The mappings that ISC proposes for a profile: those of the same name, and the usual ones.
    pub(crate) fn default_attribute_config(&self, id: &str) -> Result<Value, Refusal> {
        let profile = self.profile(id)?;
        let source = self.source(&profile.source)?;
        let known = source.account_attribute_names();
        let proposals = [
            ("uid", ["name", "id", "sAMAccountName"].as_slice()),
            ("email", ["e-mail", "email", "mail"].as_slice()),
            ("firstname", ["givenName", "name"].as_slice()),
            ("lastname", ["familyName", "name"].as_slice()),
        ];
        let mut mappings: Vec<Mapping> = proposals
            .into_iter()
            .filter_map(|(attribute, candidates)| {
                let found = candidates
                    .iter()
                    .find(|candidate| known.contains(candidate))?;
                Some(account_mapping(attribute, &source.id, &source.name, found))
            })
            .collect();
        add_default_mappings(&mut mappings);
        Ok(Self::attribute_config(true, &mappings))
    }

    /// Creates a profile.
    pub(crate) fn create_profile(&mut self, body: &Value) -> Result<String, Refusal> {
        let name = required_text(body, "name")?;
        if self
            .profiles
            .values()
            .any(|profile| profile.name.eq_ignore_ascii_case(&name))
        {
            return Err(Refusal::conflict(format!(
                "An identity profile with the name {name:?} already exists."
            )));
        }
        let source = self.authoritative_source_of(body)?;
        if self
            .profiles
            .values()
            .any(|profile| profile.source == source)
        {
            return Err(Refusal::conflict(format!(
                "The source {source} is the authoritative source of another identity profile."
            )));
        }
        let owner = self.owner_of(body, false)?;
        let (enabled, mappings) = self.read_attribute_config(body, &source)?;
        let id = self.ids.uuid();
        let now = self.now;
        let priority = self
            .profiles
            .values()
            .map(|profile| profile.priority)
            .max()
            .unwrap_or(0)
            + 10;
        let refresh_required = self.accounts.count_of_source(&source) > 0;
        let lifecycle_states = LifecycleState::defaults(&mut self.ids, now);
        self.profiles.insert(
            id.clone(),
            IdentityProfile {
                id: id.clone(),
                name,
                description: optional_text(body, "description")?,
                owner,
                priority: body
                    .get("priority")
                    .and_then(Value::as_i64)
                    .unwrap_or(priority),
                source,
                enabled,
                mappings,
                refresh_required,
                lifecycle_states,
                created: now,
                modified: now,
            },
        );
        self.touch();
        Ok(id)
    }

    /// Makes a profile what `wanted` says; `wanted` is the whole representation after a patch.
    pub(crate) fn change_profile(&mut self, id: &str, wanted: &Value) -> Result<(), Refusal> {
        let profile = self.profile(id)?.clone();
        let current = self.profile_wire(&profile);
        refuse_changes(
            wanted,
            &current,
            &[
                "id",
                "created",
                "modified",
                "identityCount",
                "identityRefreshRequired",
            ],
        )?;
        let source_changed =
            wanted["authoritativeSource"]["id"] != current["authoritativeSource"]["id"];
        let config_changed =
            wanted.get("identityAttributeConfig") != current.get("identityAttributeConfig");
        if source_changed && config_changed {
            return Err(Refusal::illegal_update(
                "authoritativeSource and identityAttributeConfig cannot be modified at the same time.",
            ));
        }
        let name = required_text(wanted, "name")?;
        if self
            .profiles
            .values()
            .any(|other| other.id != id && other.name.eq_ignore_ascii_case(&name))
        {
            return Err(Refusal::conflict(format!(
                "An identity profile with the name {name:?} already exists."
            )));
        }
        let source = self.authoritative_source_of(wanted)?;
        if self
            .profiles
            .values()
            .any(|other| other.id != id && other.source == source)
        {
            return Err(Refusal::conflict(format!(
                "The source {source} is the authoritative source of another identity profile."
            )));
        }
        let owner = self.owner_of(wanted, false)?;
        let (enabled, mappings) = if source_changed {
            (profile.enabled, profile.mappings.clone())
        } else {
            self.read_attribute_config(wanted, &source)?
        };
        let description = optional_text(wanted, "description")?;
        let needs_refresh =
            source_changed || enabled != profile.enabled || mappings != profile.mappings;
        let has_accounts = self.accounts.count_of_source(&source) > 0;
        let now = self.now;
        if let Some(profile) = self.profiles.get_mut(id) {
            profile.name = name;
            profile.description = description;
            profile.owner = owner;
            profile.priority = wanted
                .get("priority")
                .and_then(Value::as_i64)
                .unwrap_or(profile.priority);
            profile.source = source;
            profile.enabled = enabled;
            profile.mappings = mappings;
            profile.refresh_required |= needs_refresh && has_accounts;
            profile.modified = now;
        }
        self.touch();
        Ok(())
    }

    /// "Apply Changes": creates and updates identities from all accounts of the profile's source.
    pub(crate) fn process_profile(&mut self, id: &str) -> Result<(), Refusal> {
        self.profile(id)?;
        let event = Event::IdentityRefresh {
            profile: id.to_owned(),
            everything: true,
        };
        self.after(delays::IDENTITY_REFRESH, event);
        self.touch();
        Ok(())
    }

    /// Submits the deletion of profiles with their identities.
    pub(crate) fn submit_profile_deletion(
        &mut self,
        launcher: &str,
        ids: &[String],
    ) -> Result<String, Refusal> {
        for id in ids {
            self.profile(id)?;
        }
        let work = Work::DeleteProfiles {
            profiles: ids.to_vec(),
        };
        Ok(self.start_task(
            TaskKind::Deletion,
            launcher,
            About::default(),
            work,
            delays::PROFILE_DELETION,
        ))
    }

    pub(super) fn delete_profiles_now(&mut self, ids: &[String]) -> WorkDone {
        for id in ids {
            let Some(profile) = self.profiles.remove(id) else {
                continue;
            };
            for identity in self.identities.ids_of_profile(&profile.id) {
                self.remove_identity(&identity);
            }
        }
        WorkDone::success()
    }

    fn authoritative_source_of(&self, body: &Value) -> Result<String, Refusal> {
        let id = body
            .get("authoritativeSource")
            .and_then(|source| source.get("id"))
            .and_then(Value::as_str)
            .ok_or_else(|| Refusal::missing("authoritativeSource.id"))?;
        if !self.sources.contains_key(id) {
            return Err(Refusal::reference(format!(
                "The source {id} does not exist."
            )));
        }
        Ok(id.to_owned())
    }

    /// Reads and checks the mappings, and adds the server's own.
    pub(super) fn read_attribute_config(
        &self,
        body: &Value,
        source: &str,
    ) -> Result<(bool, Vec<Mapping>), Refusal> {
        let config = match body.get("identityAttributeConfig") {
            None | Some(Value::Null) => json!({}),
            Some(config) => config.clone(),
        };
        let enabled = config
            .get("enabled")
            .and_then(Value::as_bool)
            .unwrap_or(false);
        let mut mappings: Vec<Mapping> = match config.get("attributeTransforms") {
            None | Some(Value::Null) => Vec::new(),
            Some(list) => serde_json::from_value(list.clone()).map_err(|_| {
                Refusal::illegal_value(
                    "Each of attributeTransforms must have an identityAttributeName and a transformDefinition with a type.",
                )
            })?,
        };
        for (index, mapping) in mappings.iter().enumerate() {
            let name = &mapping.identity_attribute_name;
            if mappings[..index]
                .iter()
                .any(|earlier| earlier.identity_attribute_name == *name)
            {
                return Err(Refusal::illegal_value(format!(
                    "The identity attribute {name:?} is mapped twice."
                )));
            }
            if !self.identity_attributes.contains_key(name) {
                return Err(Refusal::illegal_value(format!(
                    "There is no identity attribute {name:?}."
                )));
            }
            if mapping.transform_definition.kind == "accountAttribute" {
                let attribute = mapping
                    .transform_definition
                    .account_attribute()
                    .ok_or_else(|| {
                        Refusal::missing(format!("attributeName of the mapping of {name}"))
                    })?;
                let of = mapping
                    .transform_definition
                    .attributes
                    .get("sourceId")
                    .and_then(Value::as_str)
                    .unwrap_or(source);
                let of = self.sources.get(of).ok_or_else(|| {
                    Refusal::illegal_value(format!("The mapping of {name} names no source: {of}."))
                })?;
                if !of.account_attribute_names().contains(&attribute) {
                    return Err(Refusal::illegal_value(format!(
                        "The mapping of {name} names the attribute {attribute:?}, which the account schema of the source {:?} does not have.",
                        of.name
                    )));
                }
            }
        }
        add_default_mappings(&mut mappings);
        Ok((enabled, mappings))
    }
}
