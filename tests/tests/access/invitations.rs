//! An invitation goes to the declared mailbox, and to no earlier one.

use crate::setting::guide;
use simulator::RequestFilter;

/// The operations of an apply that change something, in order.
fn changes(tenant: &tests::SimulatedTenant) -> Vec<String> {
    let filter = RequestFilter {
        writes: Some(true),
        ..RequestFilter::default()
    };
    let requests = tenant.simulator().requests(&filter);
    requests
        .iter()
        .filter_map(|request| {
            let path = request.path.as_str();
            ["load-accounts", "process-identities", "invite"]
                .iter()
                .find(|name| path.ends_with(**name))
                .map(|name| (*name).to_owned())
        })
        .collect()
}

#[test]
fn planner_20_an_invitation_is_sent_after_the_import_of_the_address() {
    let (world, tenant) = guide();
    let text = world.read("guide/steersman.yaml");
    world.replace("guide/steersman.yaml", "invite: true", "invite: false");
    let _ = world.steersman("apply guide --auto-approve").exits(0);

    // One commit invites, and gives the account another mailbox.
    tenant.simulator().clear_requests();
    world.write(
        "guide/steersman.yaml",
        text.replace("email: iam", "email: new-iam"),
    );
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    let order = changes(&tenant);
    let at = |name: &str| order.iter().position(|change| change == name);
    assert!(
        at("load-accounts").unwrap() < at("invite").unwrap(),
        "{order:?}"
    );

    // It is pending. Another mailbox is invited again, after the import.
    tenant.simulator().clear_requests();
    world.write(
        "guide/steersman.yaml",
        text.replace("email: iam", "email: newer-iam"),
    );
    let plan = world.steersman("plan guide").exits(0);
    assert!(
        plan.stdout
            .contains("invitation            new-iam-automation@example.com →"),
        "{}",
        plan.shown()
    );
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    let order = changes(&tenant);
    let at = |name: &str| order.iter().position(|change| change == name);
    assert!(
        at("load-accounts").unwrap() < at("invite").unwrap(),
        "{order:?}"
    );
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);

    // Somebody who is registered is not invited.
    tenant
        .simulator()
        .with_tenant(|tenant| tenant.register_person("audit01").unwrap());
    tenant.simulator().clear_requests();
    world.write("guide/steersman.yaml", text);
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    assert!(!changes(&tenant).contains(&"invite".to_owned()));
}
