//! A token with the least scopes to plan: `doctor` finds nothing needless in it, and an apply
//! with it is refused as what it is.

use crate::setting::{json, least, mint, minted, run_as};
use tests::{SimulatedTenant, world};

#[test]
fn an_apply_that_may_do_nothing_exits_with_6_and_one_that_did_a_part_with_3() {
    let mut world = world!();
    world.example("guide");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    let plan = least(&world, "guide", "plan");
    let apply = least(&world, "guide", "apply");
    run_as(&mut world, &mint(&tenant, "jane.doe", &plan));
    let _ = world.steersman("plan guide").exits(0);

    // The scopes that a plan needs are not needless, also where an apply has greater ones.
    let run = world.steersman("doctor guide --format json");
    let said = json(&run);
    let checks = said["checks"].as_array().unwrap();
    let excess = checks
        .iter()
        .find(|check| check["name"] == "excess")
        .unwrap();
    assert_eq!(excess["state"], "ok", "{excess}");

    let before = tenant.writes();
    let run = world.steersman("apply guide --auto-approve").exits(6);
    assert!(
        run.stderr.contains("the credential may not do it"),
        "{}",
        run.shown()
    );
    assert!(run.stderr.contains("steersman doctor"), "{}", run.shown());
    let new = &tenant.writes()[before.len()..];
    assert!(
        new.iter().all(|write| write.contains("/sources/")),
        "{new:?}"
    );

    let mut some = apply;
    some.retain(|scope| scope != "idn:identity-profile:manage");
    let request = simulator::TokenRequest {
        name: "steersman-apply".to_owned(),
        scopes: some,
        ..simulator::TokenRequest::default()
    };
    run_as(&mut world, &minted(&tenant, "jane.doe", request));
    let _ = world.steersman("apply guide --auto-approve").exits(3);
}
