//! `status` says what stands in the way of the next apply.

use serde_json::json;
use tests::{SimulatedTenant, world};

#[test]
fn a_guard_that_would_refuse_and_accounts_in_no_file_are_part_of_the_status() {
    let mut world = world!();
    world.example("team");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    let _ = world.steersman("apply team --auto-approve").exits(0);
    let row = json!({"id": "SA-900", "name": "byhand01", "e-mail": "x@example.com", "purpose": "By hand"});
    tenant.simulator().with_tenant(|tenant| {
        let row = row.as_object().unwrap().clone();
        tenant
            .put_account_out_of_band("Integration Accounts", row)
            .unwrap();
    });
    let run = world.steersman("status team").exits(0);
    let _ = run.says("account SA-900 byhand01: unmanaged, kept");

    // All levels are to be removed, which a guard refuses.
    for file in ["governance", "operations", "people"] {
        let path = format!("team/{file}.yaml");
        let text = world.read(&path);
        let lines = text
            .lines()
            .map(|line| match line.split_once("userLevels:") {
                Some((before, _)) => format!("{before}userLevels: []\n"),
                None => format!("{line}\n"),
            });
        world.write(&path, lines.collect::<String>());
    }
    let plan = world.steersman("plan team");
    assert_eq!(plan.code, 4, "{}", plan.shown());
    let run = world.steersman("status team").exits(0);
    let _ = run.says("the next apply would be refused by the guard removeLevels");
}
