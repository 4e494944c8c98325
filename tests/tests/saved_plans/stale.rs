//! A saved plan is applied to nothing else than what it was made from.

use crate::small::{changed, is_refused, is_settled, saved, set_levels};
use tests::SimulatedTenant;

#[test]
fn a_level_changed_out_of_band() {
    let (world, tenant) = saved();
    set_levels(&tenant, "robot2", &["HELPDESK", "CERT_ADMIN"]);
    insta::assert_snapshot!(is_refused(&world, &tenant).shown());
    // It was refused, and not used: put back, it is what was approved.
    set_levels(&tenant, "robot2", &["HELPDESK"]);
    let _ = world.steersman("apply spec --plan p.json").exits(0);
    is_settled(&world);
}

#[test]
fn a_part_that_somebody_has_done_by_hand() {
    let (world, tenant) = saved();
    set_levels(&tenant, "robot2", &["REPORT_ADMIN"]);
    let apply = world.steersman("apply spec --plan p.json").exits(0);
    insta::assert_snapshot!(apply.shown());
    assert_eq!(tenant.writes().len(), 1);
    is_settled(&world);
}

#[test]
fn an_account_that_is_gone_would_have_to_be_made_again() {
    let (world, tenant) = saved();
    tenant
        .simulator()
        .with_tenant(|tenant| tenant.remove_account_out_of_band("Robots", "R-2"))
        .unwrap();
    let run = is_refused(&world, &tenant);
    assert!(
        run.stderr
            .contains("account/R-2: create is not in the saved plan"),
        "{run:?}"
    );
}

#[test]
fn a_plan_for_another_tenant() {
    let (mut world, tenant) = saved();
    let other = SimulatedTenant::start();
    world.set(other.variables());
    insta::assert_snapshot!(is_refused(&world, &tenant).shown());
    assert_eq!(other.writes(), Vec::<String>::new());
    // Not even read: what the plan says is not about this tenant.
    assert_eq!(other.count("listSourcesV1"), 0);
}

#[test]
fn a_plan_of_another_spec() {
    let (world, tenant) = saved();
    world.replace("spec/robots.yaml", "purpose: Test", "purpose: Other");
    let run = is_refused(&world, &tenant);
    let digest = regex(r"[0-9a-f]{12}\b", &run.shown(), "[DIGEST]");
    insta::assert_snapshot!(digest);
    // The words count, not the comments and files.
    world.replace("spec/robots.yaml", "purpose: Other", "purpose: Test");
    let text = world.read("spec/robots.yaml");
    world.write("spec/renamed.yaml", format!("# Moved.\n{text}"));
    std::fs::remove_file(world.path("spec/robots.yaml")).unwrap();
    let _ = world.steersman("apply spec --plan p.json").exits(0);
    is_settled(&world);
}

#[test]
fn a_plan_with_other_variables() {
    let (world, tenant) = changed();
    world.replace("spec/robots.yaml", "purpose: Test", "purpose: ${WHAT}");
    let _ = world
        .steersman("plan spec --var WHAT=this --save p.json")
        .exits(0);
    let _ = world
        .steersman("apply spec --plan p.json --var WHAT=that")
        .exits(5);
    let _ = world.steersman("apply spec --plan p.json").exits(1);
    assert_eq!(tenant.writes(), Vec::<String>::new());
    let _ = world
        .steersman("apply spec --plan p.json --var WHAT=this")
        .exits(0);
    let _ = world
        .steersman("plan spec --var WHAT=this --detailed-exitcode")
        .exits(0);
}

fn regex(pattern: &str, text: &str, by: &str) -> String {
    regex::Regex::new(pattern)
        .unwrap()
        .replace_all(text, by)
        .into_owned()
}
