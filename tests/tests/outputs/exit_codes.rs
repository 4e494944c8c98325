//! Exit codes and standard output do not depend on the formats.

use crate::case::Case;

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
        .replace("guide/steersman.yaml", "owner: jane.doe", "owner: john.doe");
    let run = case.world.steersman("plan guide --out json=-").exits(1);
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["errored"], true);
    assert_eq!(document["applyable"], false);
    assert!(run.stderr.contains("john.doe"), "{}", run.shown());
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
