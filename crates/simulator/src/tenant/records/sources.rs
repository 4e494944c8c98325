//! Sources of accounts, and what their connector fixes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::schemas::Schema;
use crate::clock::iso;

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
    pub(crate) fn script(self) -> &'static str {
        match self {
            Self::DelimitedFile => "delimited-file-angularsc",
            Self::ActiveDirectory => "active-directory",
            Self::Other => "custom-connector",
        }
    }

    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::DelimitedFile => "sailpoint.connector.DelimitedFileConnector",
            Self::ActiveDirectory => "sailpoint.connector.ADLDAPConnector",
            Self::Other => "sailpoint.connector.OpenConnectorAdapter",
        }
    }

    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::DelimitedFile => "delimited-file",
            Self::ActiveDirectory => "active-directory",
            Self::Other => "custom-connector",
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::DelimitedFile => "Delimited File",
            Self::ActiveDirectory => "Active Directory",
            Self::Other => "Custom Connector",
        }
    }

    pub(crate) fn connection_type(self) -> &'static str {
        match self {
            Self::DelimitedFile => "file",
            Self::ActiveDirectory | Self::Other => "direct",
        }
    }

    pub(crate) fn default_attributes(self, source_name: &str) -> Map<String, Value> {
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

    /// The native identity of an account with these attributes, if it has one.
    pub(crate) fn native_identity_of(&self, attributes: &Map<String, Value>) -> Option<String> {
        attributes
            .get(self.identity_attribute())
            .and_then(Value::as_str)
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
    }

    /// The value of the schema's display attribute; without one the native identity.
    pub(crate) fn display_name_of(&self, attributes: &Map<String, Value>, native: &str) -> String {
        attributes
            .get(self.display_attribute())
            .and_then(Value::as_str)
            .filter(|name| !name.is_empty())
            .unwrap_or(native)
            .to_owned()
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

    pub(crate) fn shown_attributes(&self) -> Map<String, Value> {
        let mut attributes = self.connector_attributes.clone();
        attributes.insert("healthy".into(), json!(self.healthy));
        attributes.insert("status".into(), json!(self.status()));
        attributes.insert("since".into(), json!(iso(self.since)));
        attributes.insert("connectionType".into(), json!(self.connection_type()));
        attributes.insert("cloudExternalId".into(), json!(self.id));
        attributes
    }
}
