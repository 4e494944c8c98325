//! The JSON Schemas in `schemas/` match the types, and accept what the reader accepts.
//!
//! `UPDATE_SCHEMAS=1 cargo test -p spec --test schema` regenerates them.

use serde_json::{Value, json};
use std::sync::LazyLock;

const SPEC: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../schemas/steersman.schema.json"
);
const DIAGNOSTICS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../schemas/diagnostics.schema.json"
);

#[track_caller]
#[expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the test compares with files of the repository; the crate itself reads none"
)]
fn assert_current(path: &str, schema: &schemars::Schema) {
    let text = serde_json::to_string_pretty(schema).unwrap() + "\n";
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    let stored = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        stored == text,
        "{path} is not current: run `UPDATE_SCHEMAS=1 cargo test -p spec --test schema`"
    );
}

#[test]
fn the_schema_of_specs_is_current() {
    assert_current(SPEC, &spec::json_schema());
}

#[test]
fn the_schema_of_diagnostics_is_current() {
    assert_current(DIAGNOSTICS, &spec::diagnostics_schema());
}

#[expect(clippy::unwrap_used, reason = "a helper of tests")]
/// Whether the schema accepts a document that has this key beside the version.
fn accepts(key: &str, value: &Value) -> bool {
    static VALIDATOR: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
        let schema = serde_json::to_value(spec::json_schema()).unwrap();
        jsonschema::validator_for(&schema).unwrap()
    });
    VALIDATOR.is_valid(&json!({"steersman": "v1", key: value}))
}

#[test]
fn the_schema_says_yes_and_no_as_the_reader_does() {
    for (key, value, expected) in [
        ("tenant", json!({"baseUrl": "${SAIL_BASE_URL}"}), true),
        ("tenant", json!({"url": "x"}), false),
        ("sources", json!([{"name": "S", "managed": false}]), true),
        ("sources", json!([{"managed": false}]), false),
        ("sources", json!([{"name": "S", "managed": "no"}]), false),
        (
            "sources",
            json!([{"name": "S", "managed": "${MANAGED}"}]),
            true,
        ),
        (
            "sources",
            json!([{"name": "S", "owner": {"id": "a"}}]),
            true,
        ),
        (
            "sources",
            json!([{"name": "S", "owner": {"nick": "a"}}]),
            false,
        ),
        (
            "sources",
            json!([{"name": "S", "deleteThreshold": 101}]),
            false,
        ),
        (
            "sources",
            json!([{"name": "S", "unmanaged": "remove"}]),
            false,
        ),
        ("stores", json!({"a": {"directory": "x"}}), true),
        ("stores", json!({"a": {}}), false),
        (
            "stores",
            json!({"a": {"command": {"put": ["a"], "get": ["a"]}}}),
            true,
        ),
        ("stores", json!({"a": {"command": {"put": ["a"]}}}), false),
        (
            "stores",
            json!({"a": {"age": {"directory": "x", "recipients": ["age1"], "identityFile": "y"}}}),
            true,
        ),
        (
            "stores",
            json!({"a": {"age": {"directory": "x", "recipients": ["age1"]}}}),
            false,
        ),
        (
            "stores",
            json!({"a": {"directory": "x", "age": {"directory": "x", "recipients": ["age1"], "identityFile": "y"}}}),
            false,
        ),
        ("policy", json!({"maxTokenLifetime": "180d"}), true),
        ("policy", json!({"maxTokenLifetime": "180"}), false),
        (
            "policy",
            json!({"limits": {"deleteAccounts": 2, "deleteTokens": "10%"}}),
            true,
        ),
        ("policy", json!({"limits": {"deleteAccounts": -2}}), false),
        (
            "defaults",
            json!({"token": {"rotate": "never", "expires": "never"}}),
            true,
        ),
        (
            "defaults",
            json!({"token": {"rotate": {"overlap": "1d"}}}),
            false,
        ),
        (
            "serviceAccounts",
            json!([{"id": "a", "userLevels": ["REPORT_ADMIN", "OUR_OWN"], "tokens": [{"name": "t", "scopes": ["sp:search:read"]}]}]),
            true,
        ),
        (
            "serviceAccounts",
            json!([{"id": "a", "userLevels": "REPORT_ADMIN"}]),
            false,
        ),
        (
            "serviceAccounts",
            json!([{"id": "a", "tokens": [{"scopes": []}]}]),
            false,
        ),
    ] {
        assert_eq!(accepts(key, &value), expected, "{key}: {value}");
    }
}

/// The YAML files below a folder of the repository.
#[expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a helper of tests; the crate itself reads no files"
)]
fn yaml_files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(yaml_files(&path));
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            files.push(path);
        }
    }
    files
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the test looks at files of the repository; the crate itself reads none"
)]
fn the_examples_fit_the_schema() {
    let schema = serde_json::to_value(spec::json_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    let files = yaml_files(std::path::Path::new(folder));
    assert!(files.len() > 4, "{files:?}");
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        // Other YAML: of Kubernetes, of a CI system, of Prometheus.
        if !text.lines().any(|line| line.starts_with("steersman:")) {
            continue;
        }
        let document: Value = serde_saphyr::from_str(&text).unwrap();
        if let Err(error) = validator.validate(&document) {
            assert!(path.as_os_str().is_empty(), "{}: {error}", path.display());
        }
    }
}

#[test]
fn the_right_examples_of_all_codes_fit_the_schema() {
    let schema = serde_json::to_value(spec::json_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for explanation in spec::explanations() {
        let Some(example) = explanation.example else {
            continue;
        };
        let text = format!(
            "steersman: v1\n{}",
            example.right.trim_start_matches("steersman: v1\n")
        );
        let document: Value = serde_saphyr::from_str(&text).unwrap();
        if let Err(error) = validator.validate(&document) {
            assert_eq!(error.to_string(), "", "{}: {text}", explanation.code);
        }
    }
}
