//! Commands that look at files only: standard input, differences, and reports for CI.

use crate::case::Case;
use std::io::Write as _;
use std::process::Stdio;

#[test]
fn a_spec_from_standard_input_is_checked() {
    let case = Case::new("guide");
    let mut child = case
        .world
        .command()
        .args(["validate", "-", "--format", "gitlab"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"steersman: v1\nnope: 1\n").unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report[0]["check_name"], "SM0201");
    assert_eq!(report[0]["location"]["path"], "-");
    assert_eq!(report[0]["location"]["lines"]["begin"], 2);
}

#[test]
fn fmt_shows_a_difference_and_changes_nothing() {
    let case = Case::new("guide");
    let _ = case.world.steersman("fmt guide --diff").exits(0);
    case.world
        .replace("guide/steersman.yaml", "steersman: v1", "steersman:   v1");
    let before = case.world.read("guide/steersman.yaml");
    let run = case.world.steersman("fmt guide --diff").exits(2);
    assert!(
        run.stdout.contains("\n-steersman:   v1\n+steersman: v1\n"),
        "{}",
        run.shown()
    );
    assert_eq!(case.world.read("guide/steersman.yaml"), before);
}

#[test]
fn tenant_problems_come_for_gitlab_and_as_test_report() {
    let case = Case::new("guide");
    case.world
        .replace("guide/steersman.yaml", "owner: jane.doe", "owner: jane.roe");
    let _ = case
        .world
        .steersman("plan guide --out gitlab=quality.json --out junit=report.xml")
        .exits(1);
    let report: serde_json::Value = serde_json::from_str(&case.world.read("quality.json")).unwrap();
    assert_eq!(report[0]["check_name"], "SM0901");
    assert_eq!(report[0]["location"]["path"], "guide/steersman.yaml");
    let report = case.world.read("report.xml");
    assert!(
        report.contains("failures=\"1\"") && report.contains("type=\"SM0901\""),
        "{report}"
    );
}
