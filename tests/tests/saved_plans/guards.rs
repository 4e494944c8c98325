//! Guards, allowances and selections of saved plans.

use crate::small::{changed, is_settled};
use tests::{SimulatedTenant, World};

/// Three accounts that no file declares, in a source that deletes them.
fn deleting() -> (World, SimulatedTenant) {
    let (world, tenant) = changed();
    let _ = world.steersman("apply spec --auto-approve").exits(0);
    world.replace(
        "spec/robots.yaml",
        "    identityProfile:",
        "    unmanaged: delete\n    identityProfile:",
    );
    for id in ["X-1", "X-2", "X-3"] {
        let row = serde_json::json!({
            "id": id, "name": id, "e-mail": "x@example.com", "purpose": "By hand",
        });
        tenant
            .simulator()
            .with_tenant(|tenant| {
                tenant.put_account_out_of_band("Robots", row.as_object().unwrap().clone())
            })
            .unwrap();
    }
    // Their identities are made by then.
    let later = jiff::SignedDuration::from_mins(15);
    tenant.simulator().advance(later).unwrap();
    tenant.simulator().clear_requests();
    (world, tenant)
}

/// Three of five accounts are more than the limit, and more than half of the source.
const ALLOWED: &str = "--allow deleteAccounts=3 --allow emptySpec=3";

#[test]
fn a_plan_that_a_guard_refuses_is_not_saved() {
    let (world, tenant) = deleting();
    let _ = world.steersman("plan spec --save p.json").exits(4);
    let _ = world
        .steersman("plan spec --save p.json --allow deleteAccounts=3")
        .exits(4);
    assert!(!world.path("p.json").exists());
    let _ = world.steersman("apply spec --plan p.json").exits(1);
    assert_eq!(tenant.writes(), Vec::<String>::new());
}

#[test]
fn what_was_allowed_for_the_plan_is_allowed_for_its_apply() {
    let (world, tenant) = deleting();
    let _ = world
        .steersman(&format!("plan spec --save p.json {ALLOWED}"))
        .exits(0);
    let _ = world
        .steersman(&format!("apply spec --plan p.json {ALLOWED}"))
        .exits(0);
    assert_eq!(tenant.count("importAccountsV1"), 1);
    is_settled(&world);
}

#[test]
fn one_more_than_was_allowed_is_more_than_was_saved() {
    let (world, tenant) = deleting();
    let _ = world
        .steersman(&format!("plan spec --save p.json {ALLOWED}"))
        .exits(0);
    let row = serde_json::json!({
        "id": "X-4", "name": "X-4", "e-mail": "x@example.com", "purpose": "By hand",
    });
    tenant
        .simulator()
        .with_tenant(|tenant| {
            tenant.put_account_out_of_band("Robots", row.as_object().unwrap().clone())
        })
        .unwrap();
    let run = world
        .steersman(&format!("apply spec --plan p.json {ALLOWED}"))
        .exits(5);
    assert!(
        run.stderr
            .contains("account/X-4: delete is not in the saved plan"),
        "{run:?}"
    );
    assert_eq!(tenant.writes(), Vec::<String>::new());
}

#[test]
fn a_selection_is_part_of_the_plan() {
    let (world, tenant) = changed();
    let _ = world
        .steersman("plan spec --only robot1 --save p.json")
        .exits(0);
    let _ = world
        .steersman("apply spec --only robot1 --plan p.json")
        .exits(0);
    assert_eq!(tenant.writes().len(), 1);
    let _ = world
        .steersman("plan spec --only robot1 --detailed-exitcode")
        .exits(0);
    let _ = world.steersman("plan spec --detailed-exitcode").exits(2);
    let _ = world.steersman("apply spec --auto-approve").exits(0);
    is_settled(&world);
}

#[test]
fn what_is_given_beside_the_plan_has_to_be_what_it_was_saved_with() {
    let (world, tenant) = changed();
    let _ = world.steersman("plan spec --save p.json").exits(0);
    for (arguments, difference) in [
        (
            "spec --only robot1",
            "--only: none when saved, `robot1` now",
        ),
        (
            "spec --except robot1",
            "--except: none when saved, `robot1` now",
        ),
        (
            "spec --allow deleteAccounts=1",
            "--allow: none when saved, `deleteAccounts=1` now",
        ),
        ("", "paths: `spec` when saved, `.` now"),
        (
            "spec/robots.yaml",
            "paths: `spec` when saved, `spec/robots.yaml` now",
        ),
    ] {
        let run = world
            .steersman(&format!("apply {arguments} --plan p.json"))
            .exits(64);
        assert!(run.stderr.contains(difference), "{run:?}");
    }
    // How a path is written does not count.
    let _ = world.steersman("plan spec --save p.json").exits(0);
    assert_eq!(tenant.writes(), Vec::<String>::new());
    let _ = world.steersman("apply ./spec/ --plan p.json").exits(0);
}
