//! Problems that only the tenant shows, in each format of diagnostics.

use crate::case::Case;

#[test]
fn tenant_problems_come_as_sarif_github_json_and_text() {
    let case = Case::new("guide");
    case.world
        .replace("guide/steersman.yaml", "owner: jane.doe", "owner: jane.roe");
    let formats = "--out sarif=plan.sarif --out github=plan.txt --out json=plan.json";
    let run = case
        .world
        .steersman(&format!("plan guide {formats} --out github=-"));
    let _ = run.exits(1).says("SM0901");
    let sarif: serde_json::Value = serde_json::from_str(&case.world.read("plan.sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "SM0901");
    let annotation = "::error file=guide/steersman.yaml,";
    assert!(case.world.read("plan.txt").starts_with(annotation));
    assert!(case.world.read("plan.json").contains("SM0901"));

    let run = case.world.steersman("plan guide --out github=-").exits(1);
    assert!(run.stdout.starts_with(annotation), "{}", run.shown());
}

#[test]
fn a_plan_without_problems_has_an_empty_report() {
    let case = Case::new("guide");
    let run = case.world.steersman("plan guide --out sarif=-").exits(0);
    let sarif: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(sarif["runs"][0]["results"], serde_json::json!([]));
}
