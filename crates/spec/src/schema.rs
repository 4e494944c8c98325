//! The JSON Schemas that editors and other programs use.

use crate::decode::or_variable;
use crate::diagnostic::DiagnosticReport;
use crate::raw::RawDocument;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

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

/// Takes the null out that schemars lets an optional key have: a key that says
/// nothing is left out in a spec, and never written with nothing behind it.
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
                // Draft 7 ignores what stands beside a reference, so the one
                // alternative stays in a list of its own.
                let only = only.clone();
                schema.remove(keyword);
                schema.insert("allOf".to_owned(), Value::Array(vec![only]));
            }
            _ => {}
        }
    }
}

/// Declares a schema that stands for no type of its own.
macro_rules! schema_only {
    ($($(#[$meta:meta])* $name:ident = $schema:expr;)*) => {$(
        $(#[$meta])*
        pub(crate) enum $name {}

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    )*};
}

schema_only! {
    /// `true`, `false`, or a variable.
    Truth = or_variable(&json_schema!({"type": "boolean"}));
    /// A list of user levels: those that ISC documents are offered, and those of
    /// the tenant's own making are allowed.
    UserLevels = open_list(catalog::user_levels().iter().map(|level| level.id));
    /// A list of scopes: those that open an operation are offered, and others
    /// are allowed.
    Scopes = open_list(catalog::scopes());
}

fn open_list<'a>(known: impl IntoIterator<Item = &'a str>) -> Schema {
    let known: BTreeSet<&str> = known.into_iter().collect();
    json_schema!({
        "type": "array",
        "items": {
            "anyOf": [
                {"type": "string", "enum": known},
                {"type": "string", "minLength": 1},
            ],
        },
    })
}

/// A command that stores a document, as an example.
pub(crate) fn put_example() -> [&'static str; 6] {
    ["vault", "kv", "put", "-mount=secret", "{key}", "-"]
}

/// A command that prints a document, as an example.
pub(crate) fn get_example() -> [&'static str; 6] {
    [
        "vault",
        "kv",
        "get",
        "-mount=secret",
        "-field=document",
        "{key}",
    ]
}

/// Two calls, as an example.
pub(crate) fn calls_example() -> [&'static str; 2] {
    ["POST /search/v1", "GET /public-identities/v1"]
}

/// The guide's mappings, as an example.
pub(crate) fn mappings_example() -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([
        ("uid", "name"),
        ("email", "e-mail"),
        ("firstname", "name"),
        ("lastname", "name"),
    ])
}
