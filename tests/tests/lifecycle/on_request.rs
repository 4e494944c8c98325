//! What a person asks of a token: its rotation by a number, and a further try.

use crate::life::Life;
use serde_json::Value;
use simulator::Fault;

const ROTATE: &str = "{before: 10d}";
const FILE: &str = "spec/accounts/000.yaml";

fn steps(plan: &Value) -> Vec<String> {
    let steps = plan["steps"].as_array().unwrap().iter();
    let text = |step: &Value, key: &str| step[key].as_str().unwrap().to_owned();
    steps
        .map(|step| format!("{} {}", text(step, "action"), text(step, "reason")))
        .collect()
}

fn reasons(plan: &Value) -> Vec<&str> {
    let blocked = plan["blocked"].as_array().unwrap().iter();
    blocked.map(|one| one["reason"].as_str().unwrap()).collect()
}

/// An account whose token was delivered by steersman, without an earlier one.
fn settled(rotate: &str) -> Life {
    let life = Life::new(1, rotate);
    life.begin();
    life.pass(2);
    let _ = life.apply().exits(0);
    life
}

fn write_rotation(life: &Life, before: &str, number: u32) {
    let scopes = "        scopes: [idn:campaign-template:read]\n";
    let with = |rotation: &str| format!("{scopes}{rotation}");
    let after = format!("        rotation: {number}\n");
    life.world.replace(FILE, &with(before), &with(&after));
}

#[test]
fn another_rotation_number_rotates_a_token_once() {
    let life = settled(ROTATE);
    let first = life.document(0);
    assert_eq!(first["rotation"], Value::Null);
    write_rotation(&life, "", 1);
    assert_eq!(steps(&life.plan()), ["replace rotationChanged"]);
    let _ = life.apply().exits(0);
    let second = life.document(0);
    assert_ne!(first["clientId"], second["clientId"]);
    assert_eq!(second["rotation"], 1);
    let _ = life
        .world
        .steersman("plan spec --detailed-exitcode")
        .exits(0);
}

#[test]
fn after_five_failed_creations_a_person_is_asked() {
    let life = settled(ROTATE);
    write_rotation(&life, "", 1);
    for _ in 0..5 {
        assert_eq!(steps(&life.plan()), ["replace rotationChanged"]);
        life.fail("createPersonalAccessTokenV1", Fault::Status { status: 403 });
        let _ = life.apply().exits(3);
        life.heal();
    }
    let plan = life.plan();
    assert_eq!(steps(&plan), Vec::<String>::new());
    assert_eq!(reasons(&plan), ["triesUsedUp"]);
    let remedy = plan["blocked"][0]["remedy"].as_str().unwrap();
    assert!(remedy.contains("`rotation: 2`"), "{remedy}");
    let _ = life
        .world
        .steersman("status spec")
        .exits(0)
        .says("rotation: 2");
    // The old token is as it was, and the only one of its name.
    let names = life.tokens();
    assert!(
        names
            .values()
            .flatten()
            .all(|name| !name.contains("~retiring-"))
    );
    let old = life.document(0);
    let text = |key: &str| old[key].as_str().unwrap();
    let _ = life.tenant.sign_in(text("clientId"), text("clientSecret"));
    write_rotation(&life, "        rotation: 1\n", 2);
    let _ = life.apply().exits(0);
    assert_eq!(life.document(0)["rotation"], 2);
}

#[test]
fn a_token_that_is_still_used_is_kept_named_and_then_revoked() {
    let life = settled("{before: 10d, overlap: {min: 24h, max: 5d}}");
    let old = life.document(0);
    let text = |key: &str| old[key].as_str().unwrap();
    write_rotation(&life, "", 1);
    let _ = life.apply().exits(0);
    life.pass(1);
    let _ = life.tenant.sign_in(text("clientId"), text("clientSecret"));
    // Two days: the overlap ends with the last day in the name.
    life.pass(1);
    let plan = life.plan();
    assert_eq!(steps(&plan), Vec::<String>::new());
    assert_eq!(reasons(&plan), ["stillUsed"]);
    let _ = life.apply().exits(0).says("was used on 2026-01-04");
    let _ = life.tenant.sign_in(text("clientId"), text("clientSecret"));
    life.pass(5);
    assert_eq!(steps(&life.plan()), ["delete overlapOverInUse"]);
    let _ = life.apply().exits(0);
    let _ = life
        .world
        .steersman("plan spec --detailed-exitcode")
        .exits(0);
}
