//! Several declared accounts of one identity.

use crate::setting::{APPLY, FILE, enrolled, identity, mint, state};
use serde_json::json;
use tests::{SimulatedTenant, World};

/// An account of the directory that is approved for the identity of `audit01`.
fn directory(world: &World, tenant: &SimulatedTenant, account: &str, declared: &str) {
    let id = identity(tenant, "audit01")["id"].clone();
    world.write(
        "guide/directory.yaml",
        format!(
            "steersman: v1\nsources:\n  - {{name: Active Directory, managed: false}}\nserviceAccounts:\n  - {{source: Active Directory, account: {account}, identity: {id}, {declared}}}\n"
        ),
    );
    // With two sources, each account says which it is on.
    for (file, id, source) in [
        (
            FILE,
            "  - id: SA-001\n    name",
            "  - id: SA-001\n    source: Service Accounts\n    name",
        ),
        (
            "guide/more.yaml",
            "{id: SA-002, name",
            "{id: SA-002, source: Service Accounts, name",
        ),
        (
            "guide/more.yaml",
            "{id: SA-003, name",
            "{id: SA-003, source: Service Accounts, name",
        ),
    ] {
        let text = world.read(file).replace(id, source);
        world.write(file, text);
    }
}

/// ISC has correlated the account of the directory to `audit01`, too.
fn correlated(tenant: &SimulatedTenant) {
    let id = identity(tenant, "audit01")["id"].clone();
    crate::setting::change(tenant, |state| {
        let accounts = state["accounts"].as_array_mut().unwrap();
        let account = accounts
            .iter_mut()
            .find(|account| account["name"] == "svc-backup")
            .unwrap();
        account["identity"] = id;
    });
}

#[test]
fn planner_07_contradicting_levels_are_an_error_where_the_files_show_it() {
    let (world, tenant) = enrolled();
    directory(&world, &tenant, "svc-backup", "userLevels: [HELPDESK]");
    let id = identity(&tenant, "audit01")["id"]
        .as_str()
        .unwrap()
        .to_owned();
    world.replace(
        FILE,
        "    name: audit01",
        &format!("    identity: {id}\n    name: audit01"),
    );
    let run = world.steersman("validate guide").exits(1);
    assert!(run.stderr.contains("SM0433"), "{}", run.shown());
    assert!(
        run.stderr.contains("directory.yaml:") && run.stderr.contains("steersman.yaml:"),
        "{}",
        run.shown()
    );
}

#[test]
fn planner_07_contradicting_levels_are_blocked_where_only_the_tenant_shows_it() {
    let (world, tenant) = enrolled();
    correlated(&tenant);
    directory(&world, &tenant, "svc-backup", "userLevels: [HELPDESK]");
    tenant.simulator().clear_requests();
    for _ in 0..2 {
        let run = world.steersman(APPLY).exits(0);
        let both = "SA-001 and svc-backup have the same identity";
        let times = run.stdout.matches("declare different user levels").count();
        assert!(times >= 2 || run.stdout.contains(both), "{}", run.shown());
        assert_eq!(tenant.writes(), Vec::<String>::new());
    }
    assert_eq!(
        identity(&tenant, "audit01")["levels"],
        json!(["REPORT_ADMIN"])
    );
    // Declared once, or in the same way, it goes on.
    directory(&world, &tenant, "svc-backup", "userLevels: [REPORT_ADMIN]");
    let _ = world.steersman(APPLY).exits(0);
    let plan = world.steersman("plan guide --detailed-exitcode").exits(0);
    assert!(!plan.stdout.contains("blocked"), "{}", plan.shown());
}

#[test]
fn an_approved_identity_is_claimed_by_an_account_that_is_not_listed() {
    let (world, tenant) = enrolled();
    world.write(
        "guide/policy.yaml",
        "steersman: v1\npolicy: {unmanagedTokens: revoke}\n",
    );
    let token = "tokens: [{name: backup, scopes: [\"sp:report:read\"], expires: 90d, deliver: {store: local, key: ad/backup}}], issuer: {store: local, key: ad/issuer}";
    directory(&world, &tenant, "svc-unlisted", token);
    let made = mint(&tenant, "backup", &["sp:report:read"]);
    let other = mint(&tenant, "by-hand", &["sp:report:read"]);
    let run = world.steersman(APPLY);
    let has = |id: &serde_json::Value| {
        let state = state(&tenant);
        let mut tokens = state["tokens"].as_array().unwrap().iter();
        tokens.any(|token| token["id"] == *id)
    };
    assert!(has(&made["clientId"]), "{}", run.shown());
    assert!(!has(&other["clientId"]), "{}", run.shown());
}
