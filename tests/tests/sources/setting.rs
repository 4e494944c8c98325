//! A source with accounts that no file declares, in a tenant that is served.

use serde_json::{Value, json};
use simulator::{Fault, FaultRule, Faults};
use tests::{SimulatedTenant, World, world};

/// The name of the source.
pub(crate) const SOURCE: &str = "Service Accounts";

/// The guide is applied, and so many further accounts were added by others, each with
/// an identity.
pub(crate) fn with_others(count: usize) -> (World, SimulatedTenant) {
    let mut world = world!();
    world.example("guide");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    tenant.simulator().with_tenant(|state| {
        for number in 0..count {
            let row = json!({
                "id": format!("X-{number:03}"),
                "name": format!("other{number:03}"),
                "e-mail": format!("other{number:03}@example.com"),
                "purpose": "made by hand",
            });
            let Value::Object(row) = row else { continue };
            state.put_account_out_of_band(SOURCE, row).unwrap();
        }
    });
    tenant
        .simulator()
        .advance(jiff::SignedDuration::from_hours(72))
        .unwrap();
    // All invitations have ended meanwhile.
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    tenant.simulator().clear_requests();
    (world, tenant)
}

/// Declares one more account.
pub(crate) fn declare(world: &World, id: &str, name: &str) {
    world.write(
        &format!("guide/{name}.yaml"),
        format!(
            "steersman: v1\nserviceAccounts:\n  - id: \"{id}\"\n    name: {name}\n    email: {name}@example.com\n    purpose: Test\n"
        ),
    );
}

/// How many accounts the source has.
pub(crate) fn accounts(tenant: &SimulatedTenant) -> usize {
    tenant.simulator().set_faults(Faults::default());
    let id = source(tenant)["id"].as_str().unwrap().to_owned();
    let list = tenant.get(&format!(
        "/accounts/v1?limit=250&filters=sourceId%20eq%20%22{id}%22"
    ));
    list.as_array().unwrap().len()
}

/// The source as the tenant answers it.
pub(crate) fn source(tenant: &SimulatedTenant) -> Value {
    let list = tenant.get("/sources/v1?filters=name%20eq%20%22Service%20Accounts%22");
    list[0].clone()
}

/// Each answer of these operations is spoilt so, after some that are not.
pub(crate) fn spoil(tenant: &SimulatedTenant, rules: &[(&str, Fault, u64)]) {
    let rules = rules
        .iter()
        .map(|(operation, fault, skip)| FaultRule {
            fault: fault.clone(),
            operations: vec![(*operation).to_owned()],
            skip: *skip,
            count: None,
            probability: None,
        })
        .collect();
    tenant.simulator().set_faults(Faults { rules, seed: 1 });
}

/// Sends a request as the admin.
pub(crate) fn send(tenant: &SimulatedTenant, method: &str, path: &str, body: Option<Value>) -> u16 {
    let admin = tenant.simulator().admin_credentials();
    let secret = secrecy::ExposeSecret::expose_secret(&admin.client_secret);
    let token = tenant.sign_in(&admin.client_id, secret);
    tenant.send(method, path, &token, body)
}

/// Changes connector attributes of the source; null removes one.
pub(crate) fn set(tenant: &SimulatedTenant, attributes: &[(&str, Value)]) {
    let mut body = source(tenant);
    for (name, value) in attributes {
        body["connectorAttributes"][*name] = value.clone();
    }
    let path = format!("/sources/v1/{}", body["id"].as_str().unwrap());
    assert_eq!(send(tenant, "PUT", &path, Some(body)), 200);
}
