//! The part of the SARIF 2.1.0 schema that steersman writes, to check documents.
//!
//! Other keys than these are refused, so a new one has to be added here after a
//! look at the standard.

use serde_json::Value;

const SCHEMA: &str = include_str!("sarif.schema.json");

/// Checks a document against the schema, and that its parts refer to each other.
#[track_caller]
pub(crate) fn assert_valid(document: &Value) {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    for run in document["runs"].as_array().unwrap() {
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        for result in run["results"].as_array().unwrap() {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[index]["id"], result["ruleId"]);
        }
    }
}

#[test]
fn documents_that_are_not_sarif_are_refused() {
    let good = serde_json::json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "steersman", "rules": [{"id": "SM0101"}]}},
            "columnKind": "unicodeCodePoints",
            "results": [{
                "ruleId": "SM0101",
                "ruleIndex": 0,
                "level": "error",
                "message": {"text": "x"},
                "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": "a.yaml"},
                    "region": {"startLine": 1},
                }}],
            }],
        }],
    });
    assert_valid(&good);
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (pointer, value) in [
        ("/version", "2.0.0".into()),
        ("/runs/0/tool/driver/name", Value::Null),
        ("/runs/0/columnKind", "bytes".into()),
        ("/runs/0/results/0/level", "fatal".into()),
        ("/runs/0/results/0/message", serde_json::json!({})),
        (
            "/runs/0/results/0/locations/0/physicalLocation/region/startLine",
            0.into(),
        ),
        (
            "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri",
            "my file.yaml".into(),
        ),
        (
            "/runs/0/results/0",
            serde_json::json!({"message": {"text": "x"}, "nope": 1}),
        ),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = value;
        assert!(!validator.is_valid(&bad), "{pointer}");
    }
}
