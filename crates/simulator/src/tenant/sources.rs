//! Creates, changes and deletes sources.

use serde_json::{Map, Value, json};

use super::fields::{illegal_change, optional_text, required_text, texts};
use super::records::{
    Completion, Connector, Severity, Source, TaskKind, Work, WorkDone, active_directory_schema,
    delimited_file_schemas,
};
use super::{Tenant, delays};
use crate::clock::{iso, says_the_same};
use crate::errors::Refusal;

/// The longest description that ISC takes.
const MAX_DESCRIPTION: usize = 255;

/// Server-managed attributes of the connector: a patch that touches them is refused.
const HEALTH_ATTRIBUTES: [&str; 5] = [
    "healthy",
    "status",
    "since",
    "connectionType",
    "cloudExternalId",
];

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
        // Without the query parameter, tenants create the source with a space in its type and without a schema.
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
                delimited_file_schemas(&mut self.ids, self.now)
            }
            (Connector::ActiveDirectory, _) => {
                vec![active_directory_schema(&mut self.ids, self.now)]
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
        let features: Vec<String> = match body.get("features") {
            None | Some(Value::Null) => features.into_iter().map(str::to_owned).collect(),
            Some(_) => texts(body, "features")?,
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
                features,
                schemas,
                healthy: false,
                since: now,
                created: now,
                modified: now,
                passive: passive_of(body),
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
                return Err(illegal_change(field));
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
                return Err(illegal_change(field));
            }
        }
        // The threshold has two places: the one that changed counts.
        let field = threshold_of(
            wanted
                .get("deleteThreshold")
                .unwrap_or(&current["deleteThreshold"]),
        )?;
        let attribute = match attributes.get("deleteThresholdPercentage") {
            Some(value) => threshold_of(value)?,
            None => field,
        };
        let threshold = if field == source.delete_threshold {
            attribute
        } else {
            field
        };
        attributes.insert("deleteThresholdPercentage".into(), json!(threshold));
        let features = match wanted.get("features") {
            None | Some(Value::Null) => source.features.clone(),
            Some(_) => texts(wanted, "features")?,
        };
        let passive = passive_of(wanted);
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
        if self.is_authoritative(id) {
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
}

/// What the simulator keeps and gives no meaning to.
fn passive_of(body: &Value) -> Map<String, Value> {
    [
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
    .filter_map(|field| Some((field.to_owned(), body.get(field)?.clone())))
    .collect()
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
