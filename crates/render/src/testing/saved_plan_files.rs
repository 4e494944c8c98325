//! Tests of files that are, and are not, saved plans.

use crate::saved_plan::{SavedPlan, SavedPlanError};
use model::Digest;
use serde_json::{Value, json};

const PATH: &str = "p.json";

/// What every saved plan has in front, with a digest that fits.
fn sealed(mut value: Value) -> Value {
    let digest = Digest::of(&value);
    value["digest"] = digest.as_str().into();
    value
}

fn front() -> Value {
    json!({
        "steersman": "saved plan",
        "formatVersion": 2,
        "plan": {"tool": {"name": "steersman", "version": env!("CARGO_PKG_VERSION")}},
    })
}

fn parse(bytes: &[u8]) -> SavedPlanError {
    SavedPlan::parse(PATH.into(), bytes).unwrap_err()
}

fn refusal(value: &Value) -> SavedPlanError {
    parse(value.to_string().as_bytes())
}

fn is_damaged(error: &SavedPlanError) -> bool {
    matches!(error, SavedPlanError::Damaged { .. })
}

#[test]
fn each_file_is_refused_for_its_own_reason() {
    let path = || PATH.into();
    assert!(is_damaged(&parse(b"")));
    let cut = sealed(front()).to_string();
    assert!(is_damaged(&parse(&cut.as_bytes()[..cut.len() - 1])));
    let foreign = SavedPlanError::Foreign { path: path() };
    assert_eq!(refusal(&json!([1])), foreign);
    assert_eq!(refusal(&json!({"steersman": "v1"})), foreign);
    let document = json!({"formatVersion": 2, "tool": {"name": "steersman"}});
    assert_eq!(
        refusal(&document),
        SavedPlanError::PlanDocument { path: path() }
    );

    let mut other = front();
    other["plan"]["tool"]["version"] = "0.0.1".into();
    assert_eq!(
        refusal(&sealed(other)),
        SavedPlanError::Version {
            path: path(),
            version: "0.0.1".to_owned()
        }
    );

    let edited = SavedPlanError::Edited { path: path() };
    assert_eq!(refusal(&front()), edited);
    let mut more = sealed(front());
    more["allowances"] = json!({"deleteAccounts": 99});
    assert_eq!(refusal(&more), edited);
    // A digest that fits does not make up for what is missing.
    assert!(is_damaged(&refusal(&sealed(front()))));
}

#[test]
fn a_file_of_another_format_is_refused_with_both_versions() {
    for format in [json!(0), json!(1), json!(3), json!("2"), Value::Null] {
        let mut other = front();
        other["formatVersion"] = format.clone();
        let text = refusal(&sealed(other)).to_string();
        assert!(
            text.contains(&format!("has format {format}, ")) && text.contains("reads format 2"),
            "{text}"
        );
    }
}

#[test]
fn how_a_file_is_laid_out_does_not_count() {
    let value = sealed(front());
    let pretty = serde_json::to_vec_pretty(&value).unwrap();
    // Refused for what is missing, and not as edited.
    assert!(is_damaged(&parse(&pretty)));
}
