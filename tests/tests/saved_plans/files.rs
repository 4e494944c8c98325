//! Files that are no saved plan, or not any more.

use crate::small::{is_refused, saved};
use serde_json::Value;

/// Changes the file, and says how the program refuses it.
fn refused(change: impl FnOnce(String) -> String) -> String {
    let (world, tenant) = saved();
    let text = change(world.read("p.json"));
    world.write("p.json", text);
    let run = is_refused(&world, &tenant);
    // Nothing is asked of a tenant for a file that is not to be trusted.
    assert_eq!(tenant.count("listSourcesV1"), 1, "{}", run.shown());
    assert!(!world.path("p.json.used").exists());
    run.shown()
}

fn changed(text: &str, pointer: &str, by: impl Into<Value>) -> String {
    let mut value: Value = serde_json::from_str(text).unwrap();
    *value.pointer_mut(pointer).unwrap() = by.into();
    serde_json::to_string_pretty(&value).unwrap()
}

#[test]
fn a_file_that_was_cut() {
    insta::assert_snapshot!(refused(|text| {
        let end = text.find("\"steps\"").unwrap();
        text[..end + 4].to_owned()
    }));
}

#[test]
fn an_empty_file() {
    insta::assert_snapshot!(refused(|_| String::new()));
}

#[test]
fn a_file_that_was_edited() {
    insta::assert_snapshot!(refused(|text| changed(
        &text,
        "/plan/steps/0/after/userLevels/0",
        "ORG_ADMIN"
    )));
    let more = refused(|text| {
        changed(
            &text,
            "/allowances",
            serde_json::json!({"deleteAccounts": 99}),
        )
    });
    assert!(more.contains("was edited"), "{more}");
}

#[test]
fn a_file_of_an_older_format() {
    insta::assert_snapshot!(refused(|text| changed(&text, "/formatVersion", 0)));
}

#[test]
fn a_file_of_another_version() {
    insta::assert_snapshot!(refused(|text| changed(
        &text,
        "/plan/tool/version",
        "0.0.1"
    )));
}

#[test]
fn a_file_of_something_else() {
    insta::assert_snapshot!(refused(|_| "{\"resource_changes\": []}".to_owned()));
}

#[test]
fn a_plan_for_reading() {
    insta::assert_snapshot!(refused(|text| {
        let value: Value = serde_json::from_str(&text).unwrap();
        value["plan"].to_string()
    }));
}

#[test]
fn a_file_that_is_missing() {
    let (world, _tenant) = saved();
    std::fs::remove_file(world.path("p.json")).unwrap();
    let run = world.steersman("apply spec --plan p.json").exits(1);
    insta::assert_snapshot!(run.shown());
}

#[test]
fn how_a_file_is_indented_does_not_count() {
    let (world, _tenant) = saved();
    let value: Value = serde_json::from_str(&world.read("p.json")).unwrap();
    world.write("p.json", value.to_string());
    let _ = world.steersman("apply spec --plan p.json").exits(0);
}
