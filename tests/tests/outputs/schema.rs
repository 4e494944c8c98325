//! The schema of the plan document.

use serde_json::Value;
use tests::{repository, world};

/// The schema as it lies in the repository.
fn stored() -> Value {
    let text = std::fs::read_to_string(repository().join("schemas/plan.schema.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Sees that a document is as the schema says.
#[track_caller]
pub(crate) fn assert_fits(document: &Value) {
    let validator = jsonschema::validator_for(&stored()).unwrap();
    let problems: Vec<String> = validator
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn the_schema_in_the_repository_is_current() {
    let printed = world!().steersman("schema plan").exits(0).stdout;
    let path = repository().join("schemas/plan.schema.json");
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(&path, &printed).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == printed,
        "schemas/plan.schema.json is not current: run `UPDATE_SCHEMAS=1 cargo test -p tests --test outputs`"
    );
}

#[test]
fn every_schema_is_printed_as_it_is_in_the_repository() {
    for (words, file) in [
        ("schema", "steersman"),
        ("schema spec", "steersman"),
        ("schema diagnostics", "diagnostics"),
    ] {
        let printed = world!().steersman(words).exits(0).stdout;
        let path = repository().join(format!("schemas/{file}.schema.json"));
        assert_eq!(printed, std::fs::read_to_string(path).unwrap(), "{words}");
    }
}

#[test]
fn what_is_no_plan_does_not_fit() {
    let validator = jsonschema::validator_for(&stored()).unwrap();
    for document in [
        serde_json::json!({}),
        serde_json::json!([]),
        serde_json::json!({"formatVersion": "one"}),
    ] {
        assert!(!validator.is_valid(&document), "{document}");
    }
}
