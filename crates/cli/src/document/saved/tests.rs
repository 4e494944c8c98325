//! Files that are and are not saved plans.

use super::*;
use serde_json::json;

/// What every saved plan has in front, with a digest that fits.
fn sealed(mut value: Value) -> Value {
    let digest = Digest::of(&value);
    value[DIGEST] = digest.as_str().into();
    value
}

fn front() -> Value {
    json!({
        "steersman": WHAT,
        "formatVersion": FORMAT_VERSION,
        "plan": {"tool": {"name": "steersman", "version": env!("CARGO_PKG_VERSION")}},
    })
}

fn refusal(value: &Value) -> Refusal {
    SavedPlan::parse(value.to_string().as_bytes()).unwrap_err()
}

#[test]
fn each_file_is_refused_for_its_own_reason() {
    assert!(matches!(
        SavedPlan::parse(b"").unwrap_err(),
        Refusal::Damaged(_)
    ));
    let cut = sealed(front()).to_string();
    assert!(matches!(
        SavedPlan::parse(&cut.as_bytes()[..cut.len() - 1]).unwrap_err(),
        Refusal::Damaged(_)
    ));
    assert_eq!(refusal(&json!([1])), Refusal::Foreign);
    assert_eq!(refusal(&json!({"steersman": "v1"})), Refusal::Foreign);
    let document = json!({"formatVersion": 1, "tool": {"name": "steersman"}});
    assert_eq!(refusal(&document), Refusal::ForReading);

    let mut other = front();
    other["formatVersion"] = 0.into();
    assert_eq!(refusal(&sealed(other)), Refusal::Format("0".to_owned()));
    let mut other = front();
    other["plan"]["tool"]["version"] = "0.0.1".into();
    assert_eq!(
        refusal(&sealed(other)),
        Refusal::Version("0.0.1".to_owned())
    );

    assert_eq!(refusal(&front()), Refusal::Edited);
    let mut edited = sealed(front());
    edited["allowances"] = json!({"deleteAccounts": 99});
    assert_eq!(refusal(&edited), Refusal::Edited);
    // A digest that fits does not make up for what is missing.
    assert!(matches!(refusal(&sealed(front())), Refusal::Damaged(_)));
}

#[test]
fn how_a_file_is_laid_out_does_not_count() {
    let value = sealed(front());
    let pretty = serde_json::to_vec_pretty(&value).unwrap();
    // Refused for what is missing, and not as edited.
    assert!(matches!(
        SavedPlan::parse(&pretty).unwrap_err(),
        Refusal::Damaged(_)
    ));
}
