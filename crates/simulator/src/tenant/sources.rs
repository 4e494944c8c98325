//! Sources.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::schemas::{self, Schema};
use super::tasks::{Severity, TaskKind, Work, WorkDone};
use super::{Completion, Tenant, delays};
use crate::clock::{iso, says_the_same};
use crate::errors::Refusal;

/// The longest description that ISC takes.
const MAX_DESCRIPTION: usize = 255;
/// Server-managed attributes of the connector: a patch that touches them is refused.
const HEALTH_ATTRIBUTES: [&str; 3] = ["healthy", "status", "since"];

/// A source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Source {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) owner: Option<String>,
    pub(crate) kind: String,
    pub(crate) connector: Connector,
    /// What a caller may change of the connector's attributes; health is kept apart.
    pub(crate) connector_attributes: Map<String, Value>,
    pub(crate) delete_threshold: i64,
    pub(crate) features: Vec<String>,
    pub(crate) schemas: Vec<Schema>,
    pub(crate) healthy: bool,
    pub(crate) since: Timestamp,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    /// An identity profile that referred to this source is gone, but the tenant has not noticed until then.
    pub(crate) held_until: Option<Timestamp>,
    /// Fields that the simulator keeps but gives no meaning to.
    pub(crate) passive: Map<String, Value>,
}

/// What a source's type fixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Connector {
    DelimitedFile,
    ActiveDirectory,
    /// Any other connector: kept, with nothing behind it.
    Other,
}

impl Connector {
    fn script(self) -> &'static str {
        match self {
            Self::DelimitedFile => "delimited-file-angularsc",
            Self::ActiveDirectory => "active-directory",
            Self::Other => "custom-connector",
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::DelimitedFile => "sailpoint.connector.DelimitedFileConnector",
            Self::ActiveDirectory => "sailpoint.connector.ADLDAPConnector",
            Self::Other => "sailpoint.connector.OpenConnectorAdapter",
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::DelimitedFile => "delimited-file",
            Self::ActiveDirectory => "active-directory",
            Self::Other => "custom-connector",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::DelimitedFile => "Delimited File",
            Self::ActiveDirectory => "Active Directory",
            Self::Other => "Custom Connector",
        }
    }

    fn connection_type(self) -> &'static str {
        match self {
            Self::DelimitedFile => "file",
            Self::ActiveDirectory | Self::Other => "direct",
        }
    }

    fn default_attributes(self, source_name: &str) -> Map<String, Value> {
        let value = match self {
            Self::DelimitedFile => json!({
                "cloudDisplayName": source_name,
                "connectorName": "Delimited File",
                "delimiter": ",",
                "deleteThresholdPercentage": 10,
                "file": null,
                "fileEncoding": "UTF-8",
                "filetransport": "local",
                "filterEmptyRecords": true,
                "group.delimiter": ",",
                "hasHeader": true,
                "mergeRows": true,
                "indexColumn": "id",
                "templateApplication": "DelimitedFile Template",
            }),
            Self::ActiveDirectory => json!({
                "cloudDisplayName": source_name,
                "connectorName": "Active Directory",
                "deleteThresholdPercentage": 10,
                "templateApplication": "ActiveDirectory Template",
            }),
            Self::Other => {
                json!({"cloudDisplayName": source_name, "deleteThresholdPercentage": 10})
            }
        };
        match value {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }
}

impl Source {
    pub(crate) fn is_delimited_file(&self) -> bool {
        self.kind == "DelimitedFile"
    }

    /// As tasks name it.
    pub(crate) fn target_name(&self) -> String {
        format!("{} [source]", self.name)
    }

    pub(crate) fn account_schema(&self) -> Option<&Schema> {
        self.schemas.iter().find(|schema| schema.name == "account")
    }

    pub(crate) fn identity_attribute(&self) -> &str {
        self.account_schema()
            .map_or("id", |schema| schema.identity_attribute.as_str())
    }

    pub(crate) fn display_attribute(&self) -> &str {
        self.account_schema()
            .map_or("name", |schema| schema.display_attribute.as_str())
    }

    pub(crate) fn account_attribute_names(&self) -> Vec<&str> {
        self.account_schema()
            .map(|schema| {
                schema
                    .attributes
                    .iter()
                    .map(|attribute| attribute.name.as_str())
                    .collect()
            })
            .unwrap_or_default()
    }

    pub(crate) fn set_healthy(&mut self, now: Timestamp) {
        if !self.healthy {
            self.healthy = true;
            self.since = now;
        }
    }

    pub(crate) fn status(&self) -> &'static str {
        if self.healthy {
            "SOURCE_STATE_HEALTHY"
        } else {
            "SOURCE_STATE_UNCHECKED_SOURCE_NO_ACCOUNTS"
        }
    }

    pub(crate) fn connection_type(&self) -> &'static str {
        self.connector.connection_type()
    }

    fn shown_attributes(&self) -> Map<String, Value> {
        let mut attributes = self.connector_attributes.clone();
        attributes.insert("healthy".into(), json!(self.healthy));
        attributes.insert("status".into(), json!(self.status()));
        attributes.insert("since".into(), json!(iso(self.since)));
        attributes
    }
}

impl Tenant {
    pub(crate) fn source(&self, id: &str) -> Result<&Source, Refusal> {
        self.sources
            .get(id)
            .ok_or_else(|| Refusal::not_found(format!("Source {id}")))
    }

    /// Whether an identity profile refers to the source.
    pub(crate) fn is_authoritative(&self, source: &str) -> bool {
        self.profiles
            .values()
            .any(|profile| profile.source == source)
    }

    /// The source as ISC answers it.
    pub(crate) fn source_wire(&self, source: &Source) -> Value {
        let owner = source.owner.as_ref().map(|id| self.identity_reference(id));
        let mut wire = json!({
            "id": source.id,
            "name": source.name,
            "description": source.description,
            "owner": owner,
            "cluster": null,
            "accountCorrelationConfig": null,
            "accountCorrelationRule": null,
            "managerCorrelationRule": null,
            "beforeProvisioningRule": null,
            "schemas": source.schemas.iter().map(|schema| json!({
                "type": "CONNECTOR_SCHEMA", "id": schema.id, "name": schema.name,
            })).collect::<Vec<_>>(),
            "passwordPolicies": null,
            "features": source.features,
            "type": source.kind,
            "connector": source.connector.script(),
            "connectorClass": source.connector.class(),
            "connectorAttributes": source.shown_attributes(),
            "deleteThreshold": source.delete_threshold,
            "authoritative": self.is_authoritative(&source.id),
            "managementWorkgroup": null,
            "healthy": source.healthy,
            "status": source.status(),
            "since": iso(source.since),
            "connectorId": source.connector.id(),
            "connectorName": source.connector.name(),
            "connectionType": source.connector.connection_type(),
            "connectorImplementationId": source.connector.id(),
            "created": iso(source.created),
            "modified": iso(source.modified),
            "credentialProviderEnabled": false,
            "category": null,
        });
        if let Value::Object(map) = &mut wire {
            for (name, value) in &source.passive {
                map.insert(name.clone(), value.clone());
            }
        }
        wire
    }

    /// Creates a source.
    pub(crate) fn create_source(
        &mut self,
        body: &Value,
        provision_as_csv: bool,
    ) -> Result<String, Refusal> {
        let name = required_text(body, "name")?;
        self.check_source_name(&name, None)?;
        let owner = self.owner_of(body, true)?;
        let connector_name = required_text(body, "connector")?;
        let delimited = matches!(
            connector_name.as_str(),
            "delimited-file" | "delimited-file-angularsc"
        );
        // Without the query parameter the type comes out with a space, and no schema is made: so do tenants.
        let (connector, kind) = match (provision_as_csv, delimited) {
            (true, true) => (Connector::DelimitedFile, "DelimitedFile".to_owned()),
            (true, false) => {
                return Err(Refusal::illegal_value(
                    "provisionAsCsv is for the delimited file connector only.",
                ));
            }
            (false, true) => (Connector::DelimitedFile, "Delimited File".to_owned()),
            (false, false) if connector_name == "active-directory" => (
                Connector::ActiveDirectory,
                "Active Directory - Direct".to_owned(),
            ),
            (false, false) => (
                Connector::Other,
                optional_text(body, "type")?.unwrap_or_else(|| connector_name.clone()),
            ),
        };
        let description = optional_text(body, "description")?.unwrap_or_default();
        check_description(&description)?;
        let mut attributes = connector.default_attributes(&name);
        match body.get("connectorAttributes") {
            None | Some(Value::Null) => {}
            Some(Value::Object(given)) => {
                attributes.extend(
                    given
                        .iter()
                        .filter(|(name, _)| !HEALTH_ATTRIBUTES.contains(&name.as_str()))
                        .map(|(name, value)| (name.clone(), value.clone())),
                );
            }
            Some(_) => {
                return Err(Refusal::illegal_value(
                    "connectorAttributes must be an object.",
                ));
            }
        }
        let threshold = match (
            body.get("deleteThreshold"),
            attributes.get("deleteThresholdPercentage"),
        ) {
            (Some(value), _) if !value.is_null() => threshold_of(value)?,
            (_, Some(value)) => threshold_of(value)?,
            _ => 10,
        };
        attributes.insert("deleteThresholdPercentage".into(), json!(threshold));
        let schemas = match (connector, kind.as_str()) {
            (Connector::DelimitedFile, "DelimitedFile") => {
                schemas::delimited_file_schemas(&mut self.ids, self.now)
            }
            (Connector::ActiveDirectory, _) => {
                vec![schemas::active_directory_schema(&mut self.ids, self.now)]
            }
            _ => Vec::new(),
        };
        let features = match connector {
            Connector::DelimitedFile => {
                vec!["DIRECT_PERMISSIONS", "NO_RANDOM_ACCESS", "DISCOVER_SCHEMA"]
            }
            Connector::ActiveDirectory => vec![
                "AUTHENTICATE",
                "PROVISIONING",
                "ENABLE",
                "UNLOCK",
                "PASSWORD",
            ],
            Connector::Other => Vec::new(),
        };
        let id = self.ids.hex();
        let now = self.now;
        self.sources.insert(
            id.clone(),
            Source {
                id: id.clone(),
                name,
                description,
                owner: Some(owner),
                kind,
                connector,
                connector_attributes: attributes,
                delete_threshold: threshold,
                features: features.into_iter().map(str::to_owned).collect(),
                schemas,
                healthy: false,
                since: now,
                created: now,
                modified: now,
                held_until: None,
                passive: Map::new(),
            },
        );
        self.touch();
        Ok(id)
    }

    /// Makes a source what `wanted` says; `wanted` is the whole representation.
    pub(crate) fn change_source(&mut self, id: &str, wanted: &Value) -> Result<(), Refusal> {
        let source = self.source(id)?;
        let current = self.source_wire(source);
        for field in [
            "id",
            "type",
            "authoritative",
            "created",
            "modified",
            "connector",
            "connectorClass",
            "passwordPolicies",
            "schemas",
            "healthy",
            "status",
            "since",
        ] {
            // A full representation may leave out what it cannot change.
            if let Some(value) = wanted.get(field)
                && !says_the_same(value, &current[field])
                && !(field == "connector"
                    && value == "delimited-file"
                    && current[field] == "delimited-file-angularsc")
            {
                return Err(Refusal::illegal_update(format!(
                    "Illegal attempt to modify {field}."
                )));
            }
        }
        let name = required_text(wanted, "name")?;
        self.check_source_name(&name, Some(id))?;
        let owner = self.owner_of(wanted, true)?;
        let description = optional_text(wanted, "description")?.unwrap_or_default();
        check_description(&description)?;
        let mut attributes = match wanted.get("connectorAttributes") {
            Some(Value::Object(attributes)) => attributes.clone(),
            Some(Value::Null) | None => Map::new(),
            Some(_) => {
                return Err(Refusal::illegal_value(
                    "connectorAttributes must be an object.",
                ));
            }
        };
        for field in HEALTH_ATTRIBUTES {
            if attributes.remove(field).as_ref() != current["connectorAttributes"].get(field) {
                return Err(Refusal::illegal_update(format!(
                    "Illegal attempt to modify {field}."
                )));
            }
        }
        // The threshold is told twice: whichever was changed is what was meant.
        let told = threshold_of(
            wanted
                .get("deleteThreshold")
                .unwrap_or(&current["deleteThreshold"]),
        )?;
        let told_again = match attributes.get("deleteThresholdPercentage") {
            Some(value) => threshold_of(value)?,
            None => told,
        };
        let threshold = if told == source.delete_threshold {
            told_again
        } else {
            told
        };
        attributes.insert("deleteThresholdPercentage".into(), json!(threshold));
        let features = match wanted.get("features") {
            None | Some(Value::Null) => source.features.clone(),
            Some(value) => serde_json::from_value(value.clone())
                .map_err(|_| Refusal::illegal_value("features must be a list of texts."))?,
        };
        let passive = [
            "cluster",
            "accountCorrelationConfig",
            "accountCorrelationRule",
            "managerCorrelationMapping",
            "managerCorrelationRule",
            "beforeProvisioningRule",
            "managementWorkgroup",
            "category",
            "credentialProviderEnabled",
        ]
        .into_iter()
        .filter_map(|field| {
            wanted
                .get(field)
                .map(|value| (field.to_owned(), value.clone()))
        })
        .collect();
        let now = self.now;
        if let Some(source) = self.sources.get_mut(id) {
            source.name = name;
            source.owner = Some(owner);
            source.description = description;
            source.connector_attributes = attributes;
            source.delete_threshold = threshold;
            source.features = features;
            source.passive = passive;
            source.modified = now;
        }
        self.touch();
        Ok(())
    }

    /// Submits the deletion of a source with all its accounts.
    pub(crate) fn submit_source_deletion(
        &mut self,
        launcher: &str,
        id: &str,
    ) -> Result<String, Refusal> {
        let source = self.source(id)?;
        let held = source.held_until.is_some_and(|until| self.now < until);
        if held || self.is_authoritative(id) {
            return Err(Refusal::reference(format!(
                "The source {:?} cannot be deleted: it is in use by [identityProfiles].",
                source.name
            )));
        }
        let about = self.about_source(id);
        let work = Work::DeleteSource {
            source: id.to_owned(),
        };
        Ok(self.start_task(
            TaskKind::Deletion,
            launcher,
            about,
            work,
            delays::SOURCE_DELETION,
        ))
    }

    pub(super) fn delete_source_now(&mut self, id: &str) -> WorkDone {
        if self.is_authoritative(id) {
            return WorkDone::with(
                Completion::Error,
                Severity::Error,
                "The source is in use by [identityProfiles].",
            );
        }
        self.remove_all_accounts(id);
        self.sources.remove(id);
        WorkDone::success()
    }

    fn check_source_name(&self, name: &str, except: Option<&str>) -> Result<(), Refusal> {
        let taken = self.sources.values().any(|source| {
            Some(source.id.as_str()) != except && source.name.eq_ignore_ascii_case(name)
        });
        if taken {
            return Err(Refusal::illegal_value(format!(
                "A source with the name {name:?} already exists."
            )));
        }
        Ok(())
    }

    /// The id of the identity that a body's `owner` names.
    pub(crate) fn owner_of(&self, body: &Value, required: bool) -> Result<String, Refusal> {
        let owner = body.get("owner").filter(|owner| !owner.is_null());
        let Some(owner) = owner else {
            return if required {
                Err(Refusal::missing("owner"))
            } else {
                Ok(self.admin_identity())
            };
        };
        let id = owner
            .get("id")
            .and_then(Value::as_str)
            .ok_or_else(|| Refusal::missing("owner.id"))?;
        if owner.get("type").is_some_and(|kind| kind != "IDENTITY") {
            return Err(Refusal::illegal_value("owner.type must be IDENTITY."));
        }
        if !self.identities.contains(id) {
            return Err(Refusal::reference(format!(
                "The owner {id} is no identity of this tenant."
            )));
        }
        Ok(id.to_owned())
    }
}

fn threshold_of(value: &Value) -> Result<i64, Refusal> {
    let number = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    number
        .filter(|number| (0..=100).contains(number))
        .ok_or_else(|| {
            Refusal::illegal_value("deleteThreshold must be a whole number from 0 to 100.")
        })
}

fn check_description(description: &str) -> Result<(), Refusal> {
    if description.chars().count() > MAX_DESCRIPTION {
        return Err(Refusal::illegal_value(format!(
            "description must not be longer than {MAX_DESCRIPTION} characters."
        )));
    }
    Ok(())
}

/// A text that must be there and not be blank.
pub(crate) fn required_text(body: &Value, field: &str) -> Result<String, Refusal> {
    match optional_text(body, field)? {
        Some(text) if !text.trim().is_empty() => Ok(text),
        _ => Err(Refusal::missing(field)),
    }
}

/// A text that may be left out or be null.
pub(crate) fn optional_text(body: &Value, field: &str) -> Result<Option<String>, Refusal> {
    match body.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Refusal::illegal_value(format!("{field} must be a text."))),
    }
}
