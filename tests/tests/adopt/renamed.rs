//! Renames, and what ISC makes of them.

use crate::team::{applied, with_tokens};
use tests::{SimulatedTenant, World};

const TOKEN: (&str, &[&str], i64) = ("nightly-import", &["idn:sources:manage"], 90);

/// hr-import is in use, and declared under another id or name from now on.
fn renamed(id: &str, name: &str, previously: &str) -> (World, SimulatedTenant, String) {
    let (world, tenant) = applied();
    with_tokens(&tenant, "hr-import", &[TOKEN]);
    let identity = identity_of(&tenant, "hr-import").unwrap();
    world.replace(
        "team/people.yaml",
        "  - id: SA-401\n    name: hr-import\n",
        &format!("  - id: {id}\n    name: {name}\n    previously: {previously}\n"),
    );
    (world, tenant, identity)
}

fn identity_of(tenant: &SimulatedTenant, who: &str) -> Option<String> {
    tenant
        .simulator()
        .with_tenant(|tenant| tenant.find_person(who).ok())
}

fn rows(tenant: &SimulatedTenant) -> Vec<String> {
    let accounts = tenant.get("/accounts/v1?limit=250");
    let mut rows: Vec<String> = accounts
        .as_array()
        .unwrap()
        .iter()
        .filter(|account| account["sourceName"] == "Integration Accounts")
        .map(|account| account["nativeIdentity"].as_str().unwrap().to_owned())
        .collect();
    rows.sort();
    rows
}

fn tokens_of(tenant: &SimulatedTenant, identity: &str) -> usize {
    tenant
        .get(&format!("/personal-access-tokens/v1?owner-id={identity}"))
        .as_array()
        .unwrap()
        .len()
}

/// The rename is refused without consent, and carried with it. What the plan says
/// of the account is a snapshot.
fn consented(snapshot: &str, world: &World, tenant: &SimulatedTenant) {
    let plan = world.steersman("plan team").exits(4);
    let groups: Vec<&str> = plan.stdout.split("\n\n").collect();
    let shown = groups
        .iter()
        .filter(|group| group.starts_with("SA-") || group.starts_with("refused"));
    let shown: Vec<&str> = shown.copied().collect();
    insta::assert_snapshot!(snapshot, shown.join("\n\n"));
    tenant.simulator().clear_requests();
    let _ = world.steersman("apply team --auto-approve").exits(4);
    assert_eq!(tenant.writes(), Vec::<String>::new());
    let _ = world
        .steersman("apply team --auto-approve --allow renameAccounts=1")
        .exits(0);
    assert_eq!(tenant.count("importAccountsV1"), 1);
    // By now ISC has removed what no account stands behind.
    tenant
        .simulator()
        .advance(jiff::SignedDuration::from_hours(48))
        .unwrap();
}

#[test]
fn an_account_with_another_id_keeps_what_isc_lets_it_keep() {
    let (world, tenant, identity) = renamed("SA-901", "hr-import", "{id: SA-401}");
    consented("another_id", &world, &tenant);
    let rows = rows(&tenant);
    assert_eq!(rows.len(), 20);
    assert!(rows.contains(&"SA-901".to_owned()) && !rows.contains(&"SA-401".to_owned()));
    // The simulated tenant gives the identity to the new account.
    assert_eq!(identity_of(&tenant, "hr-import"), Some(identity.clone()));
    assert_eq!(tokens_of(&tenant, &identity), 1);
    let _ = world.steersman("plan team --detailed-exitcode").exits(0);

    // What was carried says nothing any more.
    let _ = world.steersman("apply team --auto-approve").exits(0);
}

#[test]
fn an_account_with_another_name_has_a_new_identity() {
    let (world, tenant, identity) = renamed("SA-401", "hr-nightly-import", "{name: hr-import}");
    consented("another_name", &world, &tenant);
    assert_eq!(rows(&tenant).len(), 20);
    assert_eq!(identity_of(&tenant, "hr-import"), None);
    let new = identity_of(&tenant, "hr-nightly-import").unwrap();
    assert_ne!(new, identity);
    assert_eq!(tokens_of(&tenant, &new), 0);
    // The levels were set again in the same run, and the token waits for a person.
    let _ = world.steersman("plan team --detailed-exitcode").exits(0);
    let levels = tenant.get(&format!("/auth-users/v1/{new}"));
    assert_eq!(
        levels["capabilities"],
        serde_json::json!(["SOURCE_SUBADMIN"])
    );
}

#[test]
fn both_accounts_there_is_said_and_nothing_is_done() {
    let (world, tenant) = applied();
    world.replace(
        "team/people.yaml",
        "  - id: SA-402\n    name: hr-import-watch\n",
        "  - id: SA-402\n    name: hr-import-watch\n    previously: {id: SA-401}\n",
    );
    let text = world.read("team/people.yaml");
    let (start, end) = (
        text.find("  - id: SA-401").unwrap(),
        text.find("  - id: SA-402").unwrap(),
    );
    world.write(
        "team/people.yaml",
        format!("{}{}", &text[..start], &text[end..]),
    );
    world.replace(
        "team/steersman.yaml",
        "unmanaged: keep",
        "unmanaged: delete",
    );
    let plan = world.steersman("plan team --detailed-exitcode").exits(0);
    assert!(
        plan.stdout
            .contains("SA-402 was SA-401 according to `previously`"),
        "{}",
        plan.shown()
    );
    tenant.simulator().clear_requests();
    let _ = world.steersman("apply team --auto-approve").exits(0);
    assert_eq!(tenant.writes(), Vec::<String>::new());
    assert_eq!(rows(&tenant).len(), 20);
}
