//! The guide: from YAML to a minted token.

use serde_json::Value;
use tests::{SimulatedTenant, world};

#[test]
fn the_guide_is_planned_and_applied_in_its_order() {
    let world = world!();
    world.example("guide");
    let apply = world
        .steersman("apply guide --simulate --auto-approve")
        .exits(0);
    insta::assert_snapshot!(apply.shown());
}

#[test]
fn a_second_apply_and_a_plan_find_nothing_to_do() {
    let world = world!();
    world.example("guide");
    let _ = world
        .steersman("apply guide --simulate=t.json --auto-approve")
        .exits(0);
    let apply = world
        .steersman("apply guide --simulate=t.json --auto-approve")
        .exits(0);
    insta::assert_snapshot!(apply.shown());
    let _ = world
        .steersman("plan guide --simulate=t.json --detailed-exitcode")
        .exits(0);
    insta::assert_snapshot!(
        world
            .steersman("status guide --simulate=t.json")
            .exits(0)
            .shown()
    );
}

#[test]
fn a_plan_with_changes_is_told_by_its_exit_code_and_writes_nothing() {
    let world = world!();
    world.example("guide");
    for _ in 0..2 {
        let _ = world
            .steersman("plan guide --simulate=t.json --detailed-exitcode")
            .exits(2);
    }
    let _ = world
        .steersman("plan guide --simulate=t.json")
        .exits(0)
        .says("to create");
}

#[test]
fn the_issuer_mints_exactly_the_declared_token() {
    let world = world!();
    world.example("guide");
    let apply = || world.steersman("apply guide --simulate=t.json --auto-approve");
    let _ = apply()
        .exits(0)
        .says("steersman simulator person register audit01 --state t.json");
    let _ = world
        .steersman("simulator person register audit01 --state t.json")
        .exits(0);
    let run = apply().exits(0);
    // A command that is too long for a line goes on in the next one.
    let shown = run.stdout.replace(" \\\n            ", " ");
    let command = "steersman simulator person mint audit01 --state t.json | steersman enroll audit01 --paste guide --simulate=t.json";
    assert!(shown.contains(command), "{}", run.shown());
    let _ = world
        .steersman(
            "simulator person mint audit01 --to .steersman/secrets/audit01/issuer --state t.json",
        )
        .exits(0);
    insta::assert_snapshot!(apply().exits(0).shown());
    let _ = world
        .steersman("plan guide --simulate=t.json --detailed-exitcode")
        .exits(0);
    let _ = world
        .steersman("status guide --simulate=t.json")
        .exits(0)
        .says("ready");

    let secret = world.path(".steersman/secrets/audit01/monthly-report");
    assert_eq!(mode(&secret), 0o600);
    let document: Value = serde_json::from_slice(&std::fs::read(&secret).unwrap()).unwrap();
    let (id, secret) = (
        document["clientId"].as_str().unwrap(),
        document["clientSecret"].as_str().unwrap(),
    );
    assert_eq!(document["token"], "monthly-report");
    assert_eq!(document["account"], "audit01");
    assert!(document["expires"].is_string());

    // What the tenant has is looked at by somebody who may see all tokens.
    let config = simulator::Config {
        state: Some(world.path("t.json").try_into().unwrap()),
        ..simulator::Config::default()
    };
    let tenant = SimulatedTenant::with(config);
    let tokens = tenant.get("/personal-access-tokens/v1");
    let minted: Vec<&Value> = tokens
        .as_array()
        .unwrap()
        .iter()
        .filter(|token| token["name"] == "monthly-report")
        .collect();
    assert_eq!(minted.len(), 1);
    assert_eq!(minted[0]["id"], id);
    assert_eq!(
        minted[0]["scope"],
        serde_json::json!(["sp:report:read", "sp:search:read"])
    );
    assert!(minted[0]["expirationDate"].is_string());
    // The delivered secret signs in.
    assert!(!tenant.sign_in(id, secret).is_empty());
}

#[cfg(unix)]
fn mode(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}
