//! Which steps are part of a selected plan.

use crate::tenant::{empty, purposes, the_rest_can_be_applied, three};

#[test]
fn one_account_on_an_empty_tenant_brings_its_source_along() {
    let (world, tenant) = empty();
    let apply = world
        .steersman("apply spec.yaml --auto-approve --only A-1")
        .exits(0);
    insta::assert_snapshot!(apply.shown());
    assert_eq!(purposes(&tenant).len(), 1);
    let _ = world
        .steersman("plan spec.yaml --only A-1 --detailed-exitcode")
        .exits(0);
    the_rest_can_be_applied(&world);
    assert_eq!(purposes(&tenant).len(), 2);
}

#[test]
fn one_account_of_three() {
    let (world, tenant) = three();
    let apply = world
        .steersman("apply spec.yaml --auto-approve --only robot1")
        .exits(0)
        .says_not("A-2")
        .says_not("A-3");
    insta::assert_snapshot!(apply.shown());
    let there = purposes(&tenant);
    assert_eq!(there["A-1"], "Changed");
    assert_eq!(there["A-2"], "Test");
    assert_eq!(there["A-3"], "Test");
    the_rest_can_be_applied(&world);
}

#[test]
fn all_but_one_account() {
    let (world, tenant) = three();
    let apply = world
        .steersman("apply spec.yaml --auto-approve --except A-3")
        .exits(0);
    insta::assert_snapshot!(apply.shown());
    let there = purposes(&tenant);
    assert_eq!(there["A-1"], "Changed");
    assert_eq!(there["A-2"], "Changed");
    // It is declared no more, and the source deletes such accounts; but not now.
    assert_eq!(there["A-3"], "Test");
    let _ = world
        .steersman("plan spec.yaml --except A-3 --detailed-exitcode")
        .exits(0);
    the_rest_can_be_applied(&world);
    assert!(!purposes(&tenant).contains_key("A-3"));
}

#[test]
fn a_deleted_account_and_no_other() {
    let (world, tenant) = three();
    let apply = world
        .steersman("apply spec.yaml --auto-approve --only A-3")
        .exits(0);
    insta::assert_snapshot!(apply.shown());
    let there = purposes(&tenant);
    assert!(!there.contains_key("A-3"));
    assert!(there.values().all(|purpose| purpose == "Test"), "{there:?}");
    the_rest_can_be_applied(&world);
}

#[test]
fn one_kind_of_step() {
    let (world, tenant) = three();
    let _ = world
        .steersman("apply spec.yaml --auto-approve --only kind:levels --except A-3")
        .exits(0);
    let writes = tenant.writes();
    assert_eq!(writes.len(), 2, "{writes:?}");
    assert!(
        writes
            .iter()
            .all(|write| write.starts_with("PATCH /auth-users/v1/")),
        "{writes:?}"
    );
    the_rest_can_be_applied(&world);
}

#[test]
fn what_needs_an_excepted_step_is_left_out_and_told() {
    let (world, tenant) = empty();
    let apply = world
        .steersman("apply spec.yaml --auto-approve --except kind:profile")
        .exits(0);
    insta::assert_snapshot!(apply.shown());
    assert_eq!(tenant.count("createIdentityProfileV1"), 0);
    the_rest_can_be_applied(&world);
}
