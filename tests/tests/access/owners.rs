//! An owner that is gone stops nothing but the owner.

use crate::setting::enrolled;

#[test]
fn planner_19_a_gone_owner_never_stops_a_rotation() {
    let (world, _tenant) = enrolled();
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);

    // Whoever owned the source has left, and a token is due for another one.
    world.replace("guide/steersman.yaml", "owner: jane.doe", "owner: who.left");
    world.replace("guide/steersman.yaml", "expires: 90d", "expires: 60d");
    let plan = world.steersman("plan guide --detailed-exitcode").exits(2);
    assert!(plan.stderr.contains("error[SM0901]"), "{}", plan.shown());
    assert!(
        plan.stdout.contains("the owner cannot be set"),
        "{}",
        plan.shown()
    );
    let apply = world.steersman("apply guide --auto-approve").exits(3);
    assert!(apply.stdout.contains("monthly-report"), "{}", apply.shown());
    assert!(
        apply.stderr.contains("applied, except for what is blocked"),
        "{}",
        apply.shown()
    );
    // What is left is the owner alone.
    let plan = world.steersman("plan guide --detailed-exitcode").exits(1);
    assert!(plan.stdout.contains("1 blocked"), "{}", plan.shown());
    let _ = world.steersman("apply guide --auto-approve").exits(1);
    let status = world.steersman("status guide").exits(1);
    assert!(status.stdout.contains("ready"), "{}", status.shown());

    world.replace("guide/steersman.yaml", "owner: who.left", "owner: jane.doe");
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
}
