//! JSON Schemas of specs and diagnostics, for editors and other programs.

use crate::diagnostic::DiagnosticReport;
use crate::raw::RawDocument;
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{JsonSchema, Schema};
use serde_json::Value;

/// The JSON Schema of a spec file (draft 7, which the YAML language server
/// reads), as `schemas/steersman.schema.json` has it.
pub fn json_schema() -> Schema {
    let mut schema = schema_of::<RawDocument>("steersman spec");
    RecursiveTransform(or_a_variable).transform(&mut schema);
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

/// Allows a variable where one of a few words is expected: its value is checked by the
/// reader.
fn or_a_variable(schema: &mut Schema) {
    let is_word = |value: &Value| {
        value.get("const").is_some() && value.get("type").is_none_or(|kind| kind == "string")
    };
    let is_choice = |key: &str| {
        let list = schema.get(key).and_then(Value::as_array);
        list.is_some_and(|list| !list.is_empty() && list.iter().all(is_word))
    };
    let variable = serde_json::json!({"type": "string", "pattern": r"\$\{"});
    if is_choice("oneOf") {
        if let Some(Value::Array(words)) = schema.get_mut("oneOf") {
            words.push(variable);
        }
    } else if schema.get("type") == Some(&"string".into())
        && let Some(words) = schema.remove("enum")
    {
        let words = serde_json::json!({"enum": words});
        schema.remove("type");
        schema.insert("anyOf".to_owned(), Value::Array(vec![words, variable]));
    }
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
