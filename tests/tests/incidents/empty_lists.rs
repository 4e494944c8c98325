//! Lists that are empty, look complete, and lack what is known by another fact.

use crate::team::{applied, cut, delete_without_limits};
use simulator::{Fault, FaultRule, Faults};

fn empty(operation: &str) -> Faults {
    let rule = FaultRule {
        fault: Fault::EmptyList,
        operations: vec![operation.to_owned()],
        skip: 0,
        count: None,
        probability: None,
    };
    Faults {
        rules: vec![rule],
        seed: 1,
    }
}

#[test]
fn a_list_of_tokens_without_steersmans_own_is_not_believed() {
    let (world, tenant) = applied();
    delete_without_limits(&world);
    let _ = world.steersman("apply team --auto-approve").exits(0);
    cut(&world, "team/people.yaml", 4);
    tenant.simulator().clear_requests();
    tenant
        .simulator()
        .set_faults(empty("listPersonalAccessTokensV1"));
    for command in ["plan team", "apply team --auto-approve"] {
        let run = world.steersman(command).exits(8);
        let shown = run.shown().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            shown.contains("lacks the one that steersman signed in with"),
            "{}",
            run.shown()
        );
    }
    assert_eq!(tenant.writes(), Vec::<String>::new());
}

#[test]
fn an_identity_profile_that_the_source_is_authoritative_for_is_not_created_again() {
    let (world, tenant) = applied();
    world.replace(
        "team/people.yaml",
        "Fill the phone book",
        "Keep the phone book",
    );
    tenant
        .simulator()
        .set_faults(empty("listIdentityProfilesV1"));
    let plan = world.steersman("plan team").exits(8);
    let shown = plan
        .shown()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(
        shown.contains("an identity profile refers to it"),
        "{}",
        plan.shown()
    );
    let _ = world.steersman("apply team --auto-approve");
    assert_eq!(tenant.count("createIdentityProfileV1"), 0);
    tenant.simulator().set_faults(Faults::default());
    let _ = world.steersman("apply team --auto-approve").exits(0);
    let _ = world.steersman("plan team --detailed-exitcode").exits(0);
}
