//! Simulated tenants of one folder: each has its own entries in the stores.

use serde_json::Value;
use std::collections::BTreeSet;
use tests::{World, world};

/// Two files of one name, and the usual name twice.
const STATES: [&str; 4] = ["a/t.json", "b/t.json", "tenant.json", "a/tenant.json"];

fn plan(world: &World, state: &str) -> Value {
    let words = format!("plan guide --simulate={state} --out json=plan.json");
    let _ = world.steersman(&words).exits(0);
    serde_json::from_str(&world.read("plan.json")).unwrap()
}

/// The key of the secret with this role.
fn key(plan: &Value, role: &str) -> String {
    let deliveries = plan["deliveries"].as_array().unwrap();
    let one = deliveries.iter().find(|one| one["role"] == role).unwrap();
    let place = one["place"].as_str().unwrap();
    place.split_once(':').unwrap().1.to_owned()
}

#[test]
fn tokens_4_two_simulated_tenants_do_not_replace_each_others_secrets() {
    let world = world!();
    world.example("guide");
    let file = "guide/steersman.yaml";
    world.replace(file, "audit01/issuer", "\"{tenant}/{account}/issuer\"");
    world.replace(file, "audit01/monthly-report", "\"{tenant}/report\"");
    let mut keys = BTreeSet::new();
    for state in STATES {
        let steersman = |words: &str| world.steersman(&format!("{words} --state {state}"));
        let apply = format!("apply guide --auto-approve --simulate={state}");
        let _ = world.steersman(&apply).exits(0);
        let _ = steersman("simulator person register audit01").exits(0);
        let issuer = key(&plan(&world, state), "issuer");
        let to = format!(".steersman/secrets/{issuer}");
        assert!(!world.path(&to).exists(), "{to}");
        std::fs::create_dir_all(world.path(&to).parent().unwrap()).unwrap();
        let mint = format!("simulator person mint audit01 --token issuer --to {to}");
        let _ = steersman(&mint).exits(0);
        let _ = world.steersman(&apply).exits(0);
        keys.insert(key(&plan(&world, state), "token"));
    }
    assert_eq!(keys.len(), STATES.len(), "{keys:?}");
    for state in STATES {
        let settled = format!("plan guide --detailed-exitcode --simulate={state}");
        let _ = world.steersman(&settled).exits(0);
        let check = format!("token list guide --check --simulate={state}");
        let _ = world.steersman(&check).exits(0);
    }
}
