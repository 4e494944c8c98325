//! Schemas of sources.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Tenant;
use super::ids::Ids;
use super::sources::{Source, optional_text, required_text};
use crate::clock::{iso, says_the_same};
use crate::errors::Refusal;

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
    fn text(name: &str, description: &str) -> Self {
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

    fn from_wire(
        body: &Value,
        id: String,
        created: Timestamp,
        modified: Option<Timestamp>,
    ) -> Result<Self, Refusal> {
        let attributes: Vec<SchemaAttribute> = match body.get("attributes") {
            None | Some(Value::Null) => Vec::new(),
            Some(list) => serde_json::from_value(list.clone()).map_err(|error| {
                Refusal::illegal_value(format!("attributes are not understood: {error}"))
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
        let list = |field: &str| match body.get(field) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(value) => serde_json::from_value(value.clone())
                .map_err(|_| Refusal::illegal_value(format!("{field} must be a list of texts."))),
        };
        Ok(Self {
            id,
            name: required_text(body, "name")?,
            native_object_type: optional_text(body, "nativeObjectType")?
                .unwrap_or_else(|| "User".into()),
            identity_attribute: optional_text(body, "identityAttribute")?.unwrap_or_default(),
            display_attribute: optional_text(body, "displayAttribute")?.unwrap_or_default(),
            hierarchy_attribute: optional_text(body, "hierarchyAttribute")?,
            include_permissions: body
                .get("includePermissions")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            features: list("features")?,
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
pub(super) fn delimited_file_schemas(ids: &mut Ids, now: Timestamp) -> Vec<Schema> {
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
pub(super) fn active_directory_schema(ids: &mut Ids, now: Timestamp) -> Schema {
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

impl Tenant {
    pub(crate) fn schema(&self, source: &str, schema: &str) -> Result<&Schema, Refusal> {
        let source = self.schema_source(source)?;
        source
            .schemas
            .iter()
            .find(|found| found.id == schema)
            .ok_or_else(|| {
                Refusal::not_found(format!("Schema {schema} of the source {}", source.id))
            })
    }

    /// The source, if it is one whose schemas work: those of a half-made delimited file source do not.
    pub(crate) fn schema_source(&self, source: &str) -> Result<&Source, Refusal> {
        let source = self.source(source)?;
        if source.kind == "Delimited File" {
            return Err(Refusal::bad_request(format!(
                "The source {:?} of the type {:?} has no schemas: it was created without provisionAsCsv=true.",
                source.name, source.kind
            )));
        }
        Ok(source)
    }

    /// Adds a schema to a source.
    pub(crate) fn create_schema(&mut self, source: &str, body: &Value) -> Result<String, Refusal> {
        let found = self.schema_source(source)?;
        let name = required_text(body, "name")?;
        if found.schemas.iter().any(|schema| schema.name == name) {
            return Err(Refusal::illegal_value(format!(
                "The source has a schema {name:?} already."
            )));
        }
        let id = self.ids.hex();
        let schema = Schema::from_wire(body, id.clone(), self.now, None)?;
        if let Some(found) = self.sources.get_mut(source) {
            found.schemas.push(schema);
        }
        self.touch();
        Ok(id)
    }

    /// Makes a schema what `wanted` says; `wanted` is the whole representation.
    pub(crate) fn change_schema(
        &mut self,
        source: &str,
        schema: &str,
        wanted: &Value,
    ) -> Result<(), Refusal> {
        let found = self.schema(source, schema)?;
        if wanted.get("id").is_none() {
            return Err(Refusal::missing("id"));
        }
        let current = found.wire();
        for field in ["id", "name", "created", "modified"] {
            if let Some(value) = wanted.get(field)
                && !says_the_same(value, &current[field])
            {
                return Err(Refusal::illegal_update(format!(
                    "Illegal attempt to modify {field}."
                )));
            }
        }
        let mut wanted = wanted.clone();
        wanted["name"] = current["name"].clone();
        let changed = Schema::from_wire(&wanted, schema.to_owned(), found.created, Some(self.now))?;
        if let Some(place) = self
            .sources
            .get_mut(source)
            .and_then(|source| source.schemas.iter_mut().find(|found| found.id == schema))
        {
            *place = changed;
        }
        self.touch();
        Ok(())
    }

    /// Replaces the attributes of the account schema by the columns of a file.
    pub(crate) fn upload_schema(
        &mut self,
        source: &str,
        name: &str,
        columns: &[String],
    ) -> Result<String, Refusal> {
        let found = self.schema_source(source)?;
        let schema = found
            .schemas
            .iter()
            .find(|schema| schema.name == name)
            .ok_or_else(|| Refusal::not_found(format!("The schema {name:?}")))?;
        let mut wanted = schema.wire();
        let known = schema.attributes.clone();
        let attributes: Vec<SchemaAttribute> = columns
            .iter()
            .map(|column| {
                known
                    .iter()
                    .find(|attribute| attribute.name == *column)
                    .cloned()
                    .unwrap_or_else(|| SchemaAttribute::text(column, ""))
            })
            .collect();
        wanted["attributes"] = json!(attributes);
        let id = schema.id.clone();
        self.change_schema(source, &id, &wanted)?;
        Ok(id)
    }

    /// Removes a schema from a source.
    pub(crate) fn delete_schema(&mut self, source: &str, schema: &str) -> Result<(), Refusal> {
        let name = self.schema(source, schema)?.name.clone();
        if name == "account" {
            return Err(Refusal::bad_request(
                "The account schema of a source cannot be deleted.",
            ));
        }
        if let Some(source) = self.sources.get_mut(source) {
            source.schemas.retain(|found| found.id != schema);
        }
        self.touch();
        Ok(())
    }
}
