//! Exit codes and standard output do not depend on the formats.

use crate::case::Case;
use tests::{Run, World};

#[test]
fn what_goes_to_standard_output_is_all_that_is_there() {
    let case = Case::new("guide");
    let json = case
        .world
        .steersman("plan guide --out json=- --detailed-exitcode")
        .exits(2);
    let document: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(document["summary"]["create"], 5);
    let html = case.world.steersman("plan guide --out html=-").exits(0);
    assert!(
        html.stdout.starts_with("<!DOCTYPE html>"),
        "{}",
        html.shown()
    );
    assert!(html.stdout.ends_with("</html>\n"), "{}", html.shown());
}

#[test]
fn a_plan_that_cannot_be_carried_out_is_a_whole_document() {
    let case = Case::new("guide");
    case.world
        .replace("guide/steersman.yaml", "[REPORT_ADMIN]", "[NO_SUCH_LEVEL]");
    let run = case.world.steersman("plan guide --out json=-").exits(1);
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["errored"], true);
    assert_eq!(document["applyable"], false);
    assert!(run.stderr.contains("NO_SUCH_LEVEL"), "{}", run.shown());
}

#[test]
fn two_outputs_to_one_place_are_refused_before_the_tenant_is_read() {
    let case = Case::new("guide");
    for words in [
        "plan guide --out json=- --out text=-",
        "plan guide --out json=x --out text=x",
        "plan guide --out yaml=x",
        "plan guide --out json",
        "plan guide --out markdown=x --markdown-limit 100",
    ] {
        let _ = case.world.steersman(words).exits(64);
    }
    assert_eq!(
        case.tenant
            .simulator()
            .requests(&simulator::RequestFilter::default())
            .len(),
        0
    );
}

/// Runs the program with a standard output that takes nothing.
#[cfg(target_os = "linux")]
fn into_a_full_disk(world: &World, words: &str) -> Run {
    let words: Vec<&str> = words.split_whitespace().collect();
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = world.command().args(&words).stdout(full).output().unwrap();
    world.ended(&words, &output)
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_does_not_get_through_is_an_error() {
    let case = Case::new("guide");
    for words in [
        "validate guide",
        "validate guide --format json",
        "plan guide",
        "plan guide --detailed-exitcode",
        "plan guide --out json=-",
        "status guide",
        "apply guide --auto-approve",
        "scopes list",
        "schema",
    ] {
        let run = into_a_full_disk(&case.world, words).exits(1);
        assert!(
            run.stderr
                .contains("cannot write the result to standard output"),
            "{}",
            run.shown()
        );
    }
    let _ = into_a_full_disk(&case.world, "--help").exits(1);
    // What says more than that is still said.
    let _ = into_a_full_disk(&case.world, "plan guide --only nobody").exits(64);
    // The apply above was carried out, and only what it said was lost.
    let _ = case
        .world
        .steersman("plan guide --detailed-exitcode")
        .exits(0);
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_gone_away_is_no_error() {
    use std::process::Stdio;
    let case = Case::new("guide");
    let mut child = case
        .world
        .command()
        .args(["scopes", "list"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
