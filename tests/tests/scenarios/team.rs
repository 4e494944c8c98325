//! Twenty accounts of four teams in four files.

use std::collections::BTreeMap;
use tests::{SimulatedTenant, World, world};

fn applied() -> (World, SimulatedTenant) {
    let mut world = world!();
    world.example("team");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    let _ = world.steersman("apply team --auto-approve").exits(0);
    (world, tenant)
}

/// The rows of the source, by account id, whole.
fn rows(tenant: &SimulatedTenant) -> BTreeMap<String, serde_json::Value> {
    let accounts = tenant.get("/accounts/v1?limit=250");
    accounts
        .as_array()
        .unwrap()
        .iter()
        .filter(|account| account["sourceName"] == "Integration Accounts")
        .map(|account| {
            (
                account["nativeIdentity"].as_str().unwrap().to_owned(),
                account["attributes"].clone(),
            )
        })
        .collect()
}

fn remove_account(world: &World) {
    let text = world.read("team/people.yaml");
    let start = text.find("  - id: SA-405").unwrap();
    world.write("team/people.yaml", &text[..start]);
}

#[test]
fn twenty_accounts_come_by_one_import() {
    let (world, tenant) = applied();
    assert_eq!(tenant.count("importAccountsV1"), 1);
    assert_eq!(rows(&tenant).len(), 20);
    let _ = world.steersman("plan team --detailed-exitcode").exits(0);
}

#[test]
fn a_removed_account_is_reported_and_stays() {
    let (world, tenant) = applied();
    remove_account(&world);
    let apply = world
        .steersman("apply team --auto-approve")
        .exits(0)
        .says("unmanaged, kept");
    insta::assert_snapshot!(apply.shown());
    assert_eq!(rows(&tenant).len(), 20);
    let _ = world.steersman("plan team --detailed-exitcode").exits(0);
}

#[test]
fn a_removed_account_is_deleted_where_that_is_declared() {
    let (world, tenant) = applied();
    // SA-404 holds a level; it gets a token too, so that all three kinds go.
    let text = world.read("team/people.yaml");
    let (start, end) = (
        text.find("  - id: SA-404").unwrap(),
        text.find("  - id: SA-405").unwrap(),
    );
    world.write(
        "team/people.yaml",
        format!("{}{}", &text[..start], &text[end..]),
    );
    let identity = tenant.simulator().with_tenant(|tenant| {
        tenant.register_person("hr-leaver-check").unwrap();
        let request = simulator::TokenRequest {
            name: "by-hand".to_owned(),
            scopes: vec!["idn:accounts:read".to_owned()],
            ..simulator::TokenRequest::default()
        };
        tenant
            .mint_personal_access_token_as_owner("hr-leaver-check", request)
            .unwrap();
        tenant.find_person("hr-leaver-check").unwrap()
    });
    world.replace(
        "team/steersman.yaml",
        "unmanaged: keep",
        "unmanaged: delete",
    );
    let before = rows(&tenant);
    tenant.simulator().clear_requests();

    let apply = world.steersman("apply team --auto-approve").exits(0);
    insta::assert_snapshot!(apply.shown());
    let mut expected = before;
    assert!(expected.remove("SA-404").is_some());
    assert_eq!(rows(&tenant), expected);
    let writes: Vec<String> = tenant
        .writes()
        .iter()
        .map(|write| write.replace(&identity, "IDENTITY"))
        .map(
            |write| match write.strip_prefix("DELETE /personal-access-tokens/v1/") {
                Some(_) => "DELETE /personal-access-tokens/v1/TOKEN".to_owned(),
                None => write,
            },
        )
        .collect();
    assert_eq!(writes.len(), 3, "{writes:?}");
    assert_eq!(writes[0], "DELETE /personal-access-tokens/v1/TOKEN");
    assert_eq!(writes[1], "PATCH /auth-users/v1/IDENTITY");
    assert!(writes[2].ends_with("/load-accounts"), "{writes:?}");
    let _ = world.steersman("plan team --detailed-exitcode").exits(0);
}
