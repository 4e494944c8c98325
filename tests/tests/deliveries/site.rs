//! The guide with an account that is enrolled.

use serde_json::Value;
use tests::{Run, World, world};

pub(crate) const STATE: &str = "--simulate=tenant/t.json";
pub(crate) const FILE: &str = "guide/steersman.yaml";
pub(crate) const FILES: &str = "local: {directory: .steersman/secrets}";
pub(crate) const ISSUER: &str = ".steersman/secrets/audit01/issuer";
pub(crate) const TOKEN: &str = ".steersman/secrets/audit01/monthly-report";

/// The guide, applied and enrolled, with its token in the store.
pub(crate) fn delivered() -> World {
    let world = world!();
    world.example("guide");
    enroll(&world, "");
    let _ = run(&world, "apply --auto-approve").exits(0);
    let _ = run(&world, "plan --detailed-exitcode").exits(0);
    world
}

/// Imports the account, registers it, and puts its issuer into the store.
pub(crate) fn enroll(world: &World, more: &str) {
    let _ = run(world, &format!("apply --auto-approve {more}")).exits(0);
    let _ = world
        .steersman("simulator person register audit01 --state tenant/t.json")
        .exits(0);
    mint(world);
}

/// Puts an issuer token of the account into the store.
pub(crate) fn mint(world: &World) {
    std::fs::create_dir_all(world.path(ISSUER).parent().unwrap()).unwrap();
    let _ = std::fs::remove_file(world.path(ISSUER));
    let name = format!("issuer-{}", world.read("tenant/t.json").len());
    let _ = world
        .steersman(&format!(
            "simulator person mint audit01 --token {name} --to {ISSUER} --state tenant/t.json"
        ))
        .exits(0);
    world.as_if_replaced(ISSUER);
}

pub(crate) fn run(world: &World, words: &str) -> Run {
    let (command, rest) = words.split_once(' ').unwrap_or((words, ""));
    world.steersman(&format!("{command} guide {STATE} {rest}"))
}

pub(crate) fn advance(world: &World, duration: &str) {
    let _ = world
        .steersman(&format!(
            "simulator clock advance {duration} --state tenant/t.json"
        ))
        .exits(0);
}

/// The plan as JSON, and the exit code that it ended with.
pub(crate) fn plan(world: &World, words: &str) -> (Value, i32) {
    let run = run(
        world,
        &format!("plan --detailed-exitcode --out json=plan.json {words}"),
    );
    (
        serde_json::from_str(&world.read("plan.json")).unwrap(),
        run.code,
    )
}

/// The state of the token's place.
pub(crate) fn state(plan: &Value) -> &str {
    let deliveries = plan["deliveries"].as_array().unwrap();
    let token = deliveries.iter().find(|one| one["role"] == "token");
    token.unwrap()["state"].as_str().unwrap()
}

/// The steps as `ACTION ADDRESS REASON`.
pub(crate) fn steps(plan: &Value) -> Vec<String> {
    let steps = plan["steps"].as_array().unwrap().iter();
    steps
        .map(|step| {
            let text = |key: &str| step[key].as_str().unwrap();
            format!("{} {} {}", text("action"), text("address"), text("reason"))
        })
        .collect()
}

/// The reasons why something is blocked.
pub(crate) fn blocked(plan: &Value) -> Vec<&str> {
    let blocked = plan["blocked"].as_array().unwrap().iter();
    blocked.map(|one| one["reason"].as_str().unwrap()).collect()
}

/// Changes a document in the store.
pub(crate) fn edit(world: &World, path: &str, change: impl FnOnce(&mut Value)) {
    let mut document: Value = serde_json::from_str(&world.read(path)).unwrap();
    change(&mut document);
    world.write(path, document.to_string());
}
