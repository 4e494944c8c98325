//! Identities that outlive their accounts: ISC deletes one some time after its account is
//! gone, and until then gives a new row with its user name to it, or makes none.

use crate::setting::{APPLY, FILE, change, enrolled, identity};
use jiff::SignedDuration;
use serde_json::json;
use tests::{Run, SimulatedTenant, World};

/// The first of the two accounts beside the guide's.
const SA_002: &str = "id: SA-002, name: sa002";

/// An apply that believes that rows are gone, which the last import counted.
const ALLOWED: &str = "apply guide --auto-approve --wait 10 --allow missingAccounts=1";

/// The account's row is deleted by hand, and its identity is there for another while.
fn delete_row(tenant: &SimulatedTenant, id: &str) {
    tenant.simulator().with_tenant(|tenant| {
        tenant
            .remove_account_out_of_band("Service Accounts", id)
            .unwrap();
    });
}

fn is_old(tenant: &SimulatedTenant, alias: &str) {
    change(tenant, |state| {
        let mut all = state["identities"].as_array_mut().unwrap().iter_mut();
        let found = all.find(|identity| identity["alias"] == alias).unwrap();
        found["created"] = json!("2020-01-01T00:00:00.000Z");
    });
}

fn id_of(tenant: &SimulatedTenant, alias: &str) -> String {
    identity(tenant, alias)["id"].as_str().unwrap().to_owned()
}

/// ISC deletes what has no account any more.
fn refresh(tenant: &SimulatedTenant) {
    tenant
        .simulator()
        .advance(SignedDuration::from_mins(6))
        .unwrap();
}

fn says(run: &Run, parts: &[&str]) {
    let text = format!("{}{}", run.stdout, run.stderr);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in parts {
        assert!(text.contains(part), "{part}\n{}", run.shown());
    }
}

fn is_settled(world: &World) {
    let _ = world.steersman(APPLY).exits(0);
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
}

#[test]
fn a_new_row_is_not_given_to_an_old_identity_unseen() {
    let (world, tenant) = enrolled();
    is_old(&tenant, "sa002");
    let id = id_of(&tenant, "sa002");
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
    let listed = tenant.count("listIdentitiesV1");
    delete_row(&tenant, "SA-002");
    tenant.simulator().clear_requests();
    let plan = world.steersman("plan guide").exits(0);
    let why = format!("identity {id} (sa002) has the user name sa002, and outlived its account");
    let remedy = format!("declare `identity: {id}` on SA-002");
    says(&plan, &[&why, &remedy, "plan again once ISC has deleted"]);
    // All new user names are looked up by one request.
    assert_eq!(tenant.count("listIdentitiesV1"), listed + 1);
    tenant.simulator().clear_requests();
    let apply = world.steersman(APPLY).exits(0);
    says(&apply, &[&why]);
    assert_eq!(tenant.count("importAccountsV1"), 0);
    // Either remedy works.
    refresh(&tenant);
    let _ = world.steersman(ALLOWED).exits(0);
    is_settled(&world);
    assert_ne!(id_of(&tenant, "sa002"), id);

    is_old(&tenant, "sa002");
    let id = id_of(&tenant, "sa002");
    delete_row(&tenant, "SA-002");
    world.replace(
        "guide/more.yaml",
        SA_002,
        &format!("{SA_002}, identity: {id}"),
    );
    let _ = world.steersman(ALLOWED).exits(0);
    is_settled(&world);
    assert_eq!(id_of(&tenant, "sa002"), id);
    assert_eq!(identity(&tenant, "sa002")["levels"], json!(["HELPDESK"]));
}

#[test]
fn a_row_that_moves_to_another_source_waits_for_the_end_of_its_identity() {
    let (world, tenant) = enrolled();
    world.write(
        "guide/second.yaml",
        "steersman: v1\nsources:\n  - name: Second\n    owner: jane.doe\n    identityProfile: {name: Second, mappings: {uid: name, email: e-mail, lastname: name, firstname: name}}\n",
    );
    let on = |source: &str| format!("    source: {source}\n    name: audit01");
    world.replace(FILE, "    name: audit01", &on("Service Accounts"));
    let text = world.read("guide/more.yaml");
    let text = text.replace("{id: SA", "{source: Service Accounts, id: SA");
    world.write("guide/more.yaml", &text);
    is_settled(&world);

    let id = id_of(&tenant, "sa002");
    delete_row(&tenant, "SA-002");
    tenant.simulator().clear_requests();
    let moved = text.replace(
        "{source: Service Accounts, id: SA-002",
        "{source: Second, id: SA-002",
    );
    world.write("guide/more.yaml", moved);
    let apply = world.steersman(APPLY).exits(0);
    says(
        &apply,
        &[
            &format!("identity {id} (sa002) has the user name sa002 already"),
            &format!("plan again once ISC has deleted {id}"),
        ],
    );
    assert_eq!(tenant.writes(), Vec::<String>::new());
    refresh(&tenant);
    is_settled(&world);
}

#[test]
fn levels_of_an_identity_that_is_taken_up_again_are_shown_and_counted() {
    let (world, tenant) = enrolled();
    let id = id_of(&tenant, "sa002");
    change(&tenant, |state| {
        let all = state["identities"].as_array_mut().unwrap().iter_mut();
        let mut of_id = all.filter(|found| found["id"] == id);
        of_id.next().unwrap()["levels"] = json!(["CERT_ADMIN", "HELPDESK"]);
    });
    delete_row(&tenant, "SA-002");
    let apply = world.steersman(ALLOWED).exits(0);
    says(&apply, &["CERT_ADMIN"]);
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
    assert_eq!(id_of(&tenant, "sa002"), id);
    assert_eq!(identity(&tenant, "sa002")["levels"], json!(["HELPDESK"]));
}
