//! Identity profiles and their mappings from account to identity attributes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::lifecycle_states::LifecycleState;

/// An identity profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct IdentityProfile {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) owner: String,
    pub(crate) priority: i64,
    pub(crate) source: String,
    pub(crate) enabled: bool,
    pub(crate) mappings: Vec<Mapping>,
    pub(crate) refresh_required: bool,
    pub(crate) lifecycle_states: Vec<LifecycleState>,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
}

/// Mapping that computes one identity attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Mapping {
    pub(crate) identity_attribute_name: String,
    pub(crate) transform_definition: Transform,
}

/// A transform. The simulator evaluates `accountAttribute` and `static`; others give nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Transform {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) attributes: Map<String, Value>,
}

impl Transform {
    /// The account attribute that an `accountAttribute` transform reads.
    pub(crate) fn account_attribute(&self) -> Option<&str> {
        (self.kind == "accountAttribute")
            .then(|| self.attributes.get("attributeName").and_then(Value::as_str))
            .flatten()
    }

    /// The value for an account with these attributes.
    pub(crate) fn evaluate(&self, account: &Map<String, Value>) -> Option<String> {
        let value = match self.kind.as_str() {
            "accountAttribute" => account.get(self.account_attribute()?)?,
            "static" => self.attributes.get("value")?,
            _ => return None,
        };
        match value {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Bool(value) => Some(value.to_string()),
            Value::Number(value) => Some(value.to_string()),
            Value::Array(list) => list.first().and_then(Value::as_str).map(str::to_owned),
            _ => None,
        }
    }
}

/// What a server adds by itself to the mappings of a profile.
fn default_mappings() -> [(&'static str, Transform); 2] {
    let fixed = |value: &str| Transform {
        kind: "static".into(),
        attributes: Map::from_iter([("value".to_owned(), Value::String(value.to_owned()))]),
    };
    [
        ("identityState", fixed("ACTIVE")),
        ("cloudLifecycleState", fixed("active")),
    ]
}

/// The mapping of an account attribute.
pub(crate) fn account_mapping(
    identity_attribute: &str,
    source_id: &str,
    source_name: &str,
    attribute: &str,
) -> Mapping {
    Mapping {
        identity_attribute_name: identity_attribute.to_owned(),
        transform_definition: Transform {
            kind: "accountAttribute".into(),
            attributes: Map::from_iter([
                ("sourceName".to_owned(), json!(source_name)),
                ("sourceId".to_owned(), json!(source_id)),
                ("attributeName".to_owned(), json!(attribute)),
            ]),
        },
    }
}

/// Adds the mappings that a server adds by itself, where a profile does not have them.
pub(crate) fn add_default_mappings(mappings: &mut Vec<Mapping>) {
    for (name, transform) in default_mappings() {
        if !mappings
            .iter()
            .any(|mapping| mapping.identity_attribute_name == name)
        {
            mappings.push(Mapping {
                identity_attribute_name: name.to_owned(),
                transform_definition: transform,
            });
        }
    }
}
