//! Lifecycle states of identity profiles, without the effects they have in ISC.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::ids::Ids;
use crate::clock::iso;
use crate::errors::Refusal;
use crate::tenant::fields::{optional_text, required_text};

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

fn no_notification() -> Value {
    json!({
        "notifyManagers": false,
        "notifyAllAdmins": false,
        "notifySpecificUsers": false,
        "emailAddressList": [],
    })
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
            "emailNotificationOption": no_notification(),
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
            // Tenants show no list where the description says an empty one.
            if map["accessProfileIds"] == json!([]) {
                map["accessProfileIds"] = Value::Null;
            }
        }
        wire
    }

    pub(crate) fn read(&mut self, body: &Value) -> Result<(), Refusal> {
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
            .filter_map(|field| Some((field.to_owned(), body.get(field)?.clone())))
            .filter(|(_, value)| !value.is_null())
            .collect();
        if let Some(Value::Object(option)) = self.passive.get_mut("emailNotificationOption")
            && let Value::Object(defaults) = no_notification()
        {
            // What is left out is nobody and nothing.
            for (name, value) in defaults {
                option.entry(name).or_insert(value);
            }
        }
        Ok(())
    }
}
