//! `steersman show`.

use crate::setting::Setting;
use serde_json::Value;
use simulator::Fault;

#[test]
fn a_record_is_shown_with_its_commit_and_who_it_was() {
    let setting = Setting::new();
    let id = "0123456789abcdef0123456789abcdef01234567";
    setting.world.write(".git/HEAD", "ref: refs/heads/main\n");
    setting.world.write(".git/refs/heads/main", id);
    setting.faults(&[("createSourceV1", Fault::Status { status: 400 }, 0, None)]);
    let _ = setting
        .world
        .steersman("apply guide --auto-approve --record record.json")
        .exits(1);
    let run = setting.world.steersman("show record.json").exits(0);
    let text = run.shown();
    let text: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with("Sent: "))
        .collect();
    insta::assert_snapshot!(text.join("\n"));
    let json = setting
        .world
        .steersman("show record.json --format json")
        .exits(0);
    let shown: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(shown, setting.json("record.json"));
    assert_eq!(shown["commit"]["id"], id);
}

#[test]
fn what_is_no_record_is_refused_with_the_reason() {
    let setting = Setting::new();
    setting.world.write("list.json", "[]");
    setting
        .world
        .write("cut.json", r#"{"steersman": "record", "form"#);
    setting.world.write(
        "newer.json",
        r#"{"steersman": "record", "formatVersion": 3}"#,
    );
    setting.world.write(
        "lacks.json",
        r#"{"steersman": "record", "formatVersion": 1}"#,
    );
    let mut shown = String::new();
    for file in [
        "list.json",
        "cut.json",
        "newer.json",
        "lacks.json",
        "guide/steersman.yaml",
        "none.json",
        "guide",
    ] {
        let run = setting.world.steersman(&format!("show {file}")).exits(1);
        shown.push_str(&run.shown());
    }
    insta::assert_snapshot!(shown);
}
