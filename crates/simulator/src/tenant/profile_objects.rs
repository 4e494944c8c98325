//! Imports identity profiles, and previews what mappings would give an identity.

use serde_json::{Map, Value, json};

use super::Tenant;
use super::fields::required_text;
use crate::errors::Refusal;

impl Tenant {
    /// Creates the profile of an exported object, or changes the one of its id or name to it.
    /// References that lead nowhere are looked up by name: the object may be another tenant's.
    pub(crate) fn import_profile(&mut self, object: &Value) -> Result<String, Refusal> {
        let name = required_text(object, "name")?;
        let id = object.get("id").and_then(Value::as_str);
        let existing = (self.profiles.values())
            .find(|profile| Some(profile.id.as_str()) == id)
            .or_else(|| (self.profiles.values()).find(|profile| profile.name == name))
            .map(|profile| profile.id.clone());
        let mut object = object.clone();
        let source = &object["authoritativeSource"];
        let known = |id: &Value| id.as_str().is_some_and(|id| self.sources.contains_key(id));
        if !known(&source["id"]) {
            let name = source["name"].as_str().unwrap_or_default();
            let found = self.sources.values().find(|source| source.name == name);
            let found = found.map(|source| source.id.clone()).ok_or_else(|| {
                Refusal::reference(format!("The source {name:?} does not exist."))
            })?;
            self.refer_to_source(&mut object, &found);
        }
        let owner = object["owner"]["id"].as_str().unwrap_or_default();
        if !self.identities.contains(owner) {
            object["owner"] = self.identity_reference(&self.admin_identity());
        }
        let Some(id) = existing else {
            return self.create_profile(&object);
        };
        let mut wanted = self.profile_wire(self.profile(&id)?);
        for field in [
            "name",
            "description",
            "owner",
            "priority",
            "authoritativeSource",
            "identityAttributeConfig",
        ] {
            if let Some(value) = object.get(field) {
                wanted[field] = value.clone();
            }
        }
        self.change_profile(&id, &wanted)?;
        Ok(id)
    }

    /// Makes a profile of another tenant that of a source here, in its mappings, too.
    fn refer_to_source(&self, object: &mut Value, source: &str) {
        let name = (self.sources.get(source)).map_or("", |source| source.name.as_str());
        object["authoritativeSource"] = json!({"type": "SOURCE", "id": source, "name": name});
        let mappings = object.pointer_mut("/identityAttributeConfig/attributeTransforms");
        for mapping in mappings.and_then(Value::as_array_mut).into_iter().flatten() {
            let attributes = mapping.pointer_mut("/transformDefinition/attributes");
            if let Some(attributes) = attributes.filter(|found| found["sourceName"] == name) {
                attributes["sourceId"] = json!(source);
            }
        }
    }

    /// What an identity's attributes would be with these mappings. Nothing is kept.
    pub(crate) fn identity_preview(&self, body: &Value) -> Result<Value, Refusal> {
        let id = required_text(body, "identityId")?;
        let identity = (self.identities.get(&id))
            .ok_or_else(|| Refusal::reference(format!("There is no identity {id}.")))?;
        let profile = identity
            .profile
            .as_ref()
            .and_then(|id| self.profiles.get(id));
        let source = profile.map_or("", |profile| profile.source.as_str());
        let config = body.get("identityAttributeConfig");
        let mappings = match (config.filter(|config| !config.is_null()), profile) {
            (Some(_), _) => self.read_attribute_config(body, source)?.1,
            (None, Some(profile)) => profile.mappings.clone(),
            (None, None) => Vec::new(),
        };
        let account = identity
            .account
            .as_ref()
            .and_then(|id| self.accounts.get(id));
        let none = Map::new();
        let attributes = account.map_or(&none, |account| &account.attributes);
        let previewed: Vec<Value> = mappings
            .iter()
            .map(|mapping| {
                let name = &mapping.identity_attribute_name;
                let mut row = json!({"name": name, "errorMessages": []});
                // The description allows no nulls, so what has no value is absent.
                if let Some(value) = mapping.transform_definition.evaluate(attributes) {
                    row["value"] = json!(value);
                }
                if let Some(value) = identity.attribute(name) {
                    row["previousValue"] = json!(value);
                }
                row
            })
            .collect();
        Ok(json!({
            "identity": self.identity_reference(&id),
            "previewAttributes": previewed,
        }))
    }
}
