//! References from one object to another.

use serde::Deserialize;
use serde_json::{Value, json};

/// `{type, id, name}`, of which only the id is used.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Reference {
    #[serde(default)]
    id: Option<String>,
}

impl Reference {
    /// The id; none where ISC leaves it out or empty.
    pub(super) fn id<Id: From<String>>(reference: Option<Self>) -> Option<Id> {
        reference?.id.filter(|id| !id.is_empty()).map(Id::from)
    }
}

/// A reference to an identity.
pub(super) fn identity(id: impl AsRef<str>) -> Value {
    json!({ "type": "IDENTITY", "id": id.as_ref() })
}

/// A text that is present and not empty.
pub(super) fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}
