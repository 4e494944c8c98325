//! Creates, changes, publishes and deletes custom user levels.

use serde_json::{Value, json};

use super::Tenant;
use super::fields::{optional_text, refuse_changes, required_text};
use super::records::{CustomUserLevel, Identity};
use crate::clock::iso;
use crate::errors::Refusal;

/// Right sets that a custom level may have: id, name, category. A small selection of real tenants' many.
pub(crate) const RIGHT_SETS: [(&str, &str, &str); 6] = [
    (
        "idn:ui-identity-details-read",
        "View Identity Details",
        "identity",
    ),
    ("idn:ui-identity-manage", "Manage Identities", "identity"),
    ("idn:ui-source-read", "View Sources", "connection"),
    ("idn:ui-source-manage", "Manage Sources", "connection"),
    ("idn:ui-report-read", "View Reports", "admin"),
    ("idn:ui-search-read", "Search", "admin"),
];

impl Tenant {
    pub(crate) fn custom_level(&self, id: &str) -> Result<&CustomUserLevel, Refusal> {
        self.custom_levels
            .get(id)
            .ok_or_else(|| Refusal::not_found(format!("User level {id}")))
    }

    /// Whether a level can be given to an identity: a built-in one, or a published one of the tenant.
    pub(crate) fn is_assignable_level(&self, id: &str) -> bool {
        catalog::user_level(id).is_some()
            || self
                .custom_levels
                .get(id)
                .is_some_and(|level| level.published)
    }

    /// Whether there is a level, built in or of the tenant.
    pub(crate) fn is_level(&self, id: &str) -> bool {
        catalog::user_level(id).is_some() || self.custom_levels.contains_key(id)
    }

    /// The level as ISC answers it.
    pub(crate) fn custom_level_wire(&self, level: &CustomUserLevel) -> Value {
        json!({
            "id": level.id,
            "name": level.name,
            "description": level.description,
            "legacyGroup": null,
            "rightSets": level.right_sets.iter().map(|id| right_set_wire(id)).collect::<Vec<_>>(),
            "custom": true,
            "adminAssignable": true,
            "translatedName": level.name,
            "translatedGrant": null,
            "translatedRemove": null,
            "owner": self.identities.get(&level.owner).map_or_else(
                || json!({"id": level.owner, "name": ""}),
                Identity::public_wire,
            ),
            "status": level.status(),
            "created": iso(level.created),
            "modified": iso(level.modified),
            "associatedIdentitiesCount": self.identities.count_holders(&level.id),
        })
    }

    /// Creates a level, as a draft.
    pub(crate) fn create_custom_level(&mut self, body: &Value) -> Result<String, Refusal> {
        let name = required_text(body, "name")?;
        self.check_level_name(&name, None)?;
        let description = required_text(body, "description")?;
        let owner = self.owner_of(body, true)?;
        let right_sets = right_sets_of(body.get("rightSets"))?;
        let id = self.ids.uuid();
        let now = self.now;
        self.custom_levels.insert(
            id.clone(),
            CustomUserLevel {
                id: id.clone(),
                name,
                description,
                owner,
                right_sets,
                published: false,
                created: now,
                modified: now,
            },
        );
        self.touch();
        Ok(id)
    }

    /// Makes a level what `wanted` says; `wanted` is the whole representation after a patch.
    pub(crate) fn change_custom_level(&mut self, id: &str, wanted: &Value) -> Result<(), Refusal> {
        let level = self.custom_level(id)?;
        let current = self.custom_level_wire(level);
        refuse_changes(
            wanted,
            &current,
            &["id", "status", "created", "modified", "custom"],
        )?;
        let name = required_text(wanted, "name")?;
        self.check_level_name(&name, Some(id))?;
        let description = optional_text(wanted, "description")?.unwrap_or_default();
        let owner = self.owner_of(wanted, true)?;
        let right_sets = right_sets_of(wanted.get("rightSets"))?;
        let now = self.now;
        if let Some(level) = self.custom_levels.get_mut(id) {
            level.name = name;
            level.description = description;
            level.owner = owner;
            level.right_sets = right_sets;
            level.modified = now;
        }
        self.touch();
        Ok(())
    }

    /// Makes a draft active.
    pub(crate) fn publish_custom_level(&mut self, id: &str) -> Result<(), Refusal> {
        self.custom_level(id)?;
        let now = self.now;
        if let Some(level) = self.custom_levels.get_mut(id) {
            level.published = true;
            level.modified = now;
        }
        self.touch();
        Ok(())
    }

    /// Deletes a level that no identity has.
    pub(crate) fn delete_custom_level(&mut self, id: &str) -> Result<(), Refusal> {
        self.custom_level(id)?;
        if self.identities.count_holders(id) > 0 {
            return Err(Refusal::reference(
                "The user level is assigned to identities and cannot be deleted.",
            ));
        }
        self.custom_levels.remove(id);
        self.touch();
        Ok(())
    }

    fn check_level_name(&self, name: &str, except: Option<&str>) -> Result<(), Refusal> {
        let taken = self.custom_levels.values().any(|level| {
            Some(level.id.as_str()) != except && level.name.eq_ignore_ascii_case(name)
        });
        if taken {
            return Err(Refusal::illegal_value(format!(
                "A user level with the name {name:?} already exists."
            )));
        }
        Ok(())
    }
}

/// Right sets come as ids when they are sent, and as objects when an answer is sent back.
fn right_sets_of(value: Option<&Value>) -> Result<Vec<String>, Refusal> {
    let Some(Value::Array(list)) = value.filter(|value| !value.is_null()) else {
        return match value {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(_) => Err(Refusal::illegal_value("rightSets must be a list.")),
        };
    };
    list.iter()
        .map(|entry| {
            let id = entry
                .as_str()
                .or_else(|| entry.get("id").and_then(Value::as_str));
            id.filter(|id| RIGHT_SETS.iter().any(|(known, _, _)| known == id))
                .map(str::to_owned)
                .ok_or_else(|| Refusal::illegal_value(format!("There is no right set {entry}.")))
        })
        .collect()
}

fn right_set_wire(id: &str) -> Value {
    let (name, category) = RIGHT_SETS
        .iter()
        .find(|(known, _, _)| *known == id)
        .map_or((id, ""), |(_, name, category)| (*name, *category));
    json!({
        "id": id,
        "name": name,
        "description": name,
        "category": category,
        "rights": [],
        "rightSetIds": [],
        "uiAssignableChildRightSetIds": [],
        "uiAssignable": true,
        "translatedName": name,
        "translatedDescription": null,
        "parentId": null,
    })
}
