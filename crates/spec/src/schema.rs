//! JSON Schemas of specs and diagnostics, for editors and other programs.

use crate::diagnostic::DiagnosticReport;
use crate::raw::RawDocument;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

/// The JSON Schema of a spec file (draft 7, which the YAML language server
/// reads), as `schemas/steersman.schema.json` has it.
pub fn json_schema() -> Schema {
    let mut schema = schema_of::<RawDocument>("steersman spec");
    schema.insert(
        "$id".to_owned(),
        "https://steersman.invalid/schemas/steersman.schema.json".into(),
    );
    schema
}

/// The JSON Schema of the document that `validate --format json` prints, as `schemas/diagnostics.schema.json` has it.
pub fn diagnostics_schema() -> Schema {
    schema_of::<DiagnosticReport>("steersman diagnostics")
}

fn schema_of<T: JsonSchema>(title: &str) -> Schema {
    let mut schema = SchemaSettings::draft07()
        .with_transform(RecursiveTransform(without_null))
        .into_generator()
        .into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema
}

/// Removes the null that schemars allows for an optional key: in a spec, an unset
/// key is omitted and never written without a value.
fn without_null(schema: &mut Schema) {
    let is_null = |value: &Value| value == "null" || value.get("type") == Some(&"null".into());
    for keyword in ["type", "anyOf"] {
        let Some(Value::Array(alternatives)) = schema.get_mut(keyword) else {
            continue;
        };
        alternatives.retain(|alternative| !is_null(alternative));
        match (keyword, alternatives.as_slice()) {
            ("type", [only]) => {
                let only = only.clone();
                schema.insert(keyword.to_owned(), only);
            }
            ("anyOf", [only]) => {
                // Draft 7 ignores keywords beside a reference, so the one
                // alternative stays in a list of its own.
                let only = only.clone();
                schema.remove(keyword);
                schema.insert("allOf".to_owned(), Value::Array(vec![only]));
            }
            _ => {}
        }
    }
}
