//! `/sources/v1/{id}/schemas`: the account schema and the CSV template.

use super::reference::filled;
use crate::transport::{Call, Client};
use model::{
    AttributeSpec, LiveAttribute, LiveSchema, SchemaId, SourceId, TenantError, TenantErrorKind,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SchemaBody {
    id: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    native_object_type: Option<String>,
    #[serde(default)]
    identity_attribute: Option<String>,
    #[serde(default)]
    display_attribute: Option<String>,
    #[serde(default)]
    attributes: Option<Vec<AttributeBody>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AttributeBody {
    name: String,
    #[serde(rename = "type", default)]
    kind: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    is_multi: Option<bool>,
}

impl SchemaBody {
    fn is_of_accounts(&self) -> bool {
        self.name.as_deref() == Some("account")
            || self.name.is_none() && self.native_object_type.as_deref() == Some("account")
    }

    fn into_live(self) -> LiveSchema {
        let attributes = self.attributes.unwrap_or_default();
        LiveSchema {
            id: self.id.into(),
            identity_attribute: filled(self.identity_attribute).map(Into::into),
            display_attribute: filled(self.display_attribute).map(Into::into),
            attributes: attributes
                .into_iter()
                .map(|attribute| LiveAttribute {
                    name: attribute.name.into(),
                    kind: attribute.kind.unwrap_or_else(|| "STRING".to_owned()),
                    description: filled(attribute.description),
                    multi: attribute.is_multi.unwrap_or(false),
                })
                .collect(),
        }
    }
}

/// The account schema of a source; none where the source has none.
pub(crate) async fn of_accounts(
    client: &Client,
    source: &SourceId,
) -> Result<Option<LiveSchema>, TenantError> {
    let path = ["sources", "v1", source.as_str(), "schemas"];
    let doing = format!(
        "reading the account schema of the source {}",
        client.source_label(source)
    );
    let call = Call::get(&path, doing).query("include-names", "account");
    let schemas: Vec<SchemaBody> = client.send(&call).await?.json()?;
    Ok(schemas
        .into_iter()
        .find(SchemaBody::is_of_accounts)
        .map(SchemaBody::into_live))
}

/// Sets the attributes of a schema to exactly these.
///
/// The response to a PUT of a schema can be inaccurate, so nothing is taken from
/// it; the caller reads the schema back and compares.
pub(crate) async fn define(
    client: &Client,
    source: &SourceId,
    schema: &SchemaId,
    attributes: &[AttributeSpec],
) -> Result<(), TenantError> {
    let path = ["sources", "v1", source.as_str(), "schemas", schema.as_str()];
    let doing = format!(
        "defining the account schema of the source {}",
        client.source_label(source)
    );
    let read = Call::get(&path, doing.clone());
    let current: Map<String, Value> = client.send(&read).await?.json()?;
    let wanted = with_attributes(current, attributes);
    client
        .send(&Call::put(&path, Value::Object(wanted), doing).resting_on_reading())
        .await?;
    Ok(())
}

/// The schema as ISC has it, with other attributes. Everything else is sent back
/// as it was, because a PUT replaces the whole.
fn with_attributes(
    mut schema: Map<String, Value>,
    attributes: &[AttributeSpec],
) -> Map<String, Value> {
    let current = schema
        .get("attributes")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let wanted: Vec<Value> = attributes
        .iter()
        .map(|attribute| {
            let name = attribute.name.as_str();
            let before = current.iter().find(|before| before["name"] == name);
            let description = match &attribute.description {
                Some(description) => json!(description),
                None => before.map_or(json!(""), |before| before["description"].clone()),
            };
            let native_name = before.and_then(|before| before.get("nativeName").cloned());
            json!({
                "name": name,
                "nativeName": native_name,
                "type": "STRING",
                "schema": null,
                "description": description,
                "isMulti": false,
                "isEntitlement": false,
                "isGroup": false,
            })
        })
        .collect();
    schema.insert("attributes".to_owned(), Value::Array(wanted));
    schema.insert("identityAttribute".to_owned(), json!("id"));
    schema.insert("displayAttribute".to_owned(), json!("name"));
    schema
}

/// The columns of a source's CSV template, in its order.
pub(crate) async fn csv_columns(
    client: &Client,
    source: &SourceId,
) -> Result<Vec<String>, TenantError> {
    let path = ["sources", "v1", source.as_str(), "schemas", "accounts"];
    let doing = format!(
        "reading the CSV template of the source {}",
        client.source_label(source)
    );
    let answer = client.send(&Call::get(&path, doing.clone())).await?;
    header_of(answer.bytes())
        .ok_or_else(|| "the CSV template has no header".to_owned())
        .map_err(|text| TenantError::new(doing, TenantErrorKind::Undecodable { text }))
}

/// The first record of a CSV file. The description's example is the header in
/// quotes as a whole, as a JSON text would be; that is taken too.
fn header_of(file: &[u8]) -> Option<Vec<String>> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let record = first_record(file)?;
    match record.as_slice() {
        [one] if one.contains(',') => first_record(one.as_bytes()),
        _ => Some(record),
    }
}

fn first_record(file: &[u8]) -> Option<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(file);
    let record = reader.records().next()?.ok()?;
    let columns: Vec<String> = record.iter().map(str::to_owned).collect();
    (!columns.iter().any(String::is_empty)).then_some(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(name: &str, description: Option<&str>) -> AttributeSpec {
        AttributeSpec {
            name: name.into(),
            description: description.map(str::to_owned),
        }
    }

    #[test]
    fn a_schema_keeps_what_is_not_an_attribute() {
        let before = json!({
            "id": "a1", "name": "account", "nativeObjectType": "User",
            "identityAttribute": "uid", "displayAttribute": null, "includePermissions": false,
            "configuration": {"x": 1}, "created": "2024-01-01T00:00:00Z",
            "attributes": [
                {"name": "id", "nativeName": "ID", "type": "STRING", "description": "kept"},
                {"name": "groups", "type": "STRING", "isMulti": true},
            ],
        });
        let Value::Object(before) = before else {
            panic!("an object");
        };
        let after = with_attributes(
            before,
            &[attribute("id", None), attribute("team", Some("d"))],
        );
        assert_eq!(after["configuration"], json!({"x": 1}));
        assert_eq!(
            (&after["id"], &after["created"]),
            (&json!("a1"), &json!("2024-01-01T00:00:00Z"))
        );
        assert_eq!(after["identityAttribute"], "id");
        assert_eq!(after["displayAttribute"], "name");
        let single = |name: &str, native: Value, description: &str| {
            json!({
                "name": name, "nativeName": native, "type": "STRING", "schema": null,
                "description": description, "isMulti": false, "isEntitlement": false,
                "isGroup": false,
            })
        };
        assert_eq!(
            after["attributes"],
            json!([
                single("id", json!("ID"), "kept"),
                single("team", Value::Null, "d")
            ])
        );
    }

    #[test]
    fn headers_are_read() {
        let columns = Some(vec!["id".to_owned(), "e-mail".to_owned()]);
        for file in [
            "id,e-mail",
            "id,e-mail\r\n",
            "\u{feff}\"id\",e-mail\nSA-1,x\n",
            "\"id,e-mail\"",
        ] {
            assert_eq!(header_of(file.as_bytes()), columns, "{file:?}");
        }
        assert_eq!(header_of(b"id"), Some(vec!["id".to_owned()]));
        for file in ["", "\n", "id,,name"] {
            assert_eq!(header_of(file.as_bytes()), None, "{file:?}");
        }
    }
}
