//! References from one object to another.

use serde::Deserialize;
use serde_json::{Value, json};

/// `{type, id, name}`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Reference {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    name: Option<String>,
}

impl Reference {
    /// The id; none where ISC leaves it out or empty.
    pub(super) fn id<Id: From<String>>(reference: Option<Self>) -> Option<Id> {
        reference?.id.filter(|id| !id.is_empty()).map(Id::from)
    }

    /// The name; none where ISC leaves it out or empty.
    pub(super) fn name<Name: From<String>>(&self) -> Option<Name> {
        filled(self.name.clone()).map(Name::from)
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
