//! Schemas of sources: the attributes of their accounts and groups.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::ids::Ids;
use crate::clock::iso;
use crate::errors::Refusal;
use crate::tenant::fields::{optional_text, required_text, texts};

/// A schema: what objects of one kind look like on a source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Schema {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) native_object_type: String,
    pub(crate) identity_attribute: String,
    pub(crate) display_attribute: String,
    pub(crate) hierarchy_attribute: Option<String>,
    pub(crate) include_permissions: bool,
    pub(crate) features: Vec<String>,
    pub(crate) configuration: Map<String, Value>,
    pub(crate) attributes: Vec<SchemaAttribute>,
    pub(crate) created: Timestamp,
    pub(crate) modified: Option<Timestamp>,
}

/// An attribute of a schema, as it is on the wire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SchemaAttribute {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) native_name: Option<String>,
    #[serde(rename = "type", default)]
    pub(crate) kind: AttributeKind,
    #[serde(default)]
    pub(crate) schema: Option<Value>,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) is_multi: bool,
    #[serde(default)]
    pub(crate) is_entitlement: bool,
    #[serde(default)]
    pub(crate) is_group: bool,
}

/// The types of attributes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum AttributeKind {
    #[default]
    String,
    Long,
    Int,
    Boolean,
    Date,
}

impl SchemaAttribute {
    pub(crate) fn text(name: &str, description: &str) -> Self {
        Self {
            name: name.into(),
            native_name: None,
            kind: AttributeKind::String,
            schema: None,
            description: description.into(),
            is_multi: false,
            is_entitlement: false,
            is_group: false,
        }
    }
}

impl Schema {
    /// The schema as ISC answers it.
    pub(crate) fn wire(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "nativeObjectType": self.native_object_type,
            "identityAttribute": self.identity_attribute,
            "displayAttribute": self.display_attribute,
            "hierarchyAttribute": self.hierarchy_attribute,
            "includePermissions": self.include_permissions,
            "features": self.features,
            "configuration": self.configuration,
            "attributes": self.attributes,
            "created": iso(self.created),
            "modified": self.modified.map(iso),
        })
    }

    pub(crate) fn from_wire(
        body: &Value,
        id: String,
        created: Timestamp,
        modified: Option<Timestamp>,
    ) -> Result<Self, Refusal> {
        let attributes: Vec<SchemaAttribute> = match body.get("attributes") {
            None | Some(Value::Null) => Vec::new(),
            Some(list) => serde_json::from_value(list.clone()).map_err(|_| {
                Refusal::illegal_value(
                    "Each of attributes must have a name, and a type that is known.",
                )
            })?,
        };
        for (index, attribute) in attributes.iter().enumerate() {
            if attribute.name.trim().is_empty() {
                return Err(Refusal::missing("The name of a schema attribute"));
            }
            if attributes[..index]
                .iter()
                .any(|earlier| earlier.name == attribute.name)
            {
                return Err(Refusal::illegal_value(format!(
                    "The attribute {:?} is there twice.",
                    attribute.name
                )));
            }
        }
        // Without them no account has an id, and nothing that is imported could be told apart.
        if attributes.is_empty() {
            return Err(Refusal::missing("attributes"));
        }
        let identity_attribute = required_text(body, "identityAttribute")?;
        if !attributes
            .iter()
            .any(|attribute| attribute.name == identity_attribute)
        {
            return Err(Refusal::illegal_value(format!(
                "The schema has no attribute {identity_attribute:?}, which is its identityAttribute."
            )));
        }
        Ok(Self {
            id,
            name: required_text(body, "name")?,
            native_object_type: optional_text(body, "nativeObjectType")?
                .unwrap_or_else(|| "User".into()),
            identity_attribute,
            display_attribute: optional_text(body, "displayAttribute")?.unwrap_or_default(),
            hierarchy_attribute: optional_text(body, "hierarchyAttribute")?,
            include_permissions: body
                .get("includePermissions")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            features: texts(body, "features")?,
            configuration: body
                .get("configuration")
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default(),
            attributes,
            created,
            modified,
        })
    }
}

/// The schemas that a new delimited file source has.
pub(crate) fn delimited_file_schemas(ids: &mut Ids, now: Timestamp) -> Vec<Schema> {
    let account = [
        ("id", "The unique ID for the account"),
        (
            "name",
            "The name of the account - typically a concatenated combination of the first and last name",
        ),
        ("givenName", "The user's first name"),
        ("familyName", "The user's last name"),
        ("e-mail", "The user's email"),
        ("location", "The user's location"),
        ("manager", "The user's manager"),
        (
            "groups",
            "The groups, roles etc. that reference account group objects",
        ),
        ("startDate", "The date the user starts"),
        ("endDate", "The date the user ends"),
    ];
    let group = [
        ("id", "The unique ID for the group"),
        ("name", "The name of the group"),
        ("displayName", "The display name of the group"),
        ("description", "The description of the group"),
    ];
    let mut account = schema(ids, now, "account", "User", ("id", "name"), &account);
    let group = schema(ids, now, "group", "Group", ("id", "displayName"), &group);
    if let Some(groups) = account
        .attributes
        .iter_mut()
        .find(|attribute| attribute.name == "groups")
    {
        groups.is_multi = true;
        groups.is_entitlement = true;
        groups.is_group = true;
        groups.schema = Some(json!({"type": "CONNECTOR_SCHEMA", "id": group.id, "name": "group"}));
    }
    vec![account, group]
}

/// The account schema of an Active Directory source, as far as a service account has one.
pub(crate) fn active_directory_schema(ids: &mut Ids, now: Timestamp) -> Schema {
    let attributes = [
        ("distinguishedName", "The distinguished name"),
        ("sAMAccountName", "The account name"),
        ("mail", "The e-mail address"),
        ("description", "What the account is for"),
    ];
    schema(
        ids,
        now,
        "account",
        "User",
        ("distinguishedName", "sAMAccountName"),
        &attributes,
    )
}

fn schema(
    ids: &mut Ids,
    now: Timestamp,
    name: &str,
    native_object_type: &str,
    (identity, display): (&str, &str),
    attributes: &[(&str, &str)],
) -> Schema {
    Schema {
        id: ids.hex(),
        name: name.into(),
        native_object_type: native_object_type.into(),
        identity_attribute: identity.into(),
        display_attribute: display.into(),
        hierarchy_attribute: None,
        include_permissions: false,
        features: Vec::new(),
        configuration: Map::new(),
        attributes: attributes
            .iter()
            .map(|(name, about)| SchemaAttribute::text(name, about))
            .collect(),
        created: now,
        modified: None,
    }
}
