//! An import is the full state of a source, whatever is selected.

use crate::tenant::{purposes, the_rest_can_be_applied, three};

#[test]
fn rows_of_accounts_that_are_not_selected_are_sent_as_they_are() {
    let (world, tenant) = three();
    // Changed by hand, after it was declared otherwise.
    let row = serde_json::json!({
        "id": "A-2", "name": "robot2", "e-mail": "robots@example.com", "purpose": "By, \"hand\"",
    });
    tenant
        .simulator()
        .with_tenant(|tenant| {
            tenant.put_account_out_of_band("Robots", row.as_object().unwrap().clone())
        })
        .unwrap();
    let _ = world
        .steersman("apply spec.yaml --auto-approve --only account/A-1")
        .exits(0);
    assert_eq!(tenant.count("importAccountsV1"), 1);
    let there = purposes(&tenant);
    assert_eq!(there["A-1"], "Changed");
    assert_eq!(there["A-2"], "By, \"hand\"");
    assert_eq!(there["A-3"], "Test");
    the_rest_can_be_applied(&world);
}

#[test]
fn an_account_that_is_not_there_is_not_made() {
    let (world, tenant) = three();
    let text = world.read("spec.yaml");
    world.write(
        "spec.yaml",
        format!("{text}  - {{id: A-4, name: robot4, email: robots@example.com, purpose: New}}\n"),
    );
    let _ = world
        .steersman("apply spec.yaml --auto-approve --only A-1 --only A-2")
        .exits(0);
    let there = purposes(&tenant);
    assert_eq!(
        there.keys().collect::<Vec<_>>(),
        ["A-1", "A-2", "A-3"],
        "{there:?}"
    );
    the_rest_can_be_applied(&world);
}
