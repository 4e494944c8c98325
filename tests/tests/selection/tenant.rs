//! Three accounts in a tenant, one of which no file declares any more.

use std::collections::BTreeMap;
use tests::{SimulatedTenant, World, world};

/// The accounts of a source that deletes what no file declares.
pub(crate) fn spec(accounts: &[u32]) -> String {
    let rows: Vec<String> = accounts
        .iter()
        .map(|number| {
            format!(
                "  - id: A-{number}
    name: robot{number}
    email: robots@example.com
    purpose: Test
    userLevels: [HELPDESK]
"
            )
        })
        .collect();
    format!(
        "steersman: v1
sources:
  - name: Robots
    owner: jane.doe
    deleteThreshold: 100
    unmanaged: delete
    identityProfile:
      name: Robots
      mappings: {{uid: name, email: e-mail, lastname: name, firstname: name}}
      invite: false
serviceAccounts:
{}",
        rows.concat()
    )
}

/// A world whose commands go to a tenant with nothing of the spec.
pub(crate) fn empty() -> (World, SimulatedTenant) {
    let mut world = world!();
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    world.write("spec.yaml", spec(&[1, 2]));
    (world, tenant)
}

/// A tenant in which three accounts are, and a spec that declares two, with
/// another purpose and level. No request is counted yet.
pub(crate) fn three() -> (World, SimulatedTenant) {
    let (world, tenant) = empty();
    world.write("spec.yaml", spec(&[1, 2, 3]));
    let _ = world.steersman("apply spec.yaml --auto-approve").exits(0);
    let text = spec(&[1, 2])
        .replace("purpose: Test", "purpose: Changed")
        .replace("[HELPDESK]", "[REPORT_ADMIN]");
    world.write("spec.yaml", text);
    tenant.simulator().clear_requests();
    (world, tenant)
}

/// The purposes of the accounts in the source, by id.
pub(crate) fn purposes(tenant: &SimulatedTenant) -> BTreeMap<String, String> {
    tenant
        .get("/accounts/v1?limit=250")
        .as_array()
        .unwrap()
        .iter()
        .filter(|account| account["sourceName"] == "Robots")
        .map(|account| {
            (
                account["nativeIdentity"].as_str().unwrap().to_owned(),
                account["attributes"]["purpose"]
                    .as_str()
                    .unwrap()
                    .to_owned(),
            )
        })
        .collect()
}

/// What is left for a plan without a selection is done by an apply without one.
#[track_caller]
pub(crate) fn the_rest_can_be_applied(world: &World) {
    let _ = world.steersman("apply spec.yaml --auto-approve").exits(0);
    let _ = world
        .steersman("plan spec.yaml --detailed-exitcode")
        .exits(0);
}
