//! Days pass between a plan and its apply.

use tests::{World, world};

/// The guide with a rotated token, enrolled and applied. The token ends in 30
/// days and is rotated 10 days before.
fn enrolled() -> World {
    let world = world!();
    world.example("guide");
    world.replace(
        "guide/steersman.yaml",
        "expires: 90d",
        "expires: 30d\n        rotate: {before: 10d, overlap: 24h}",
    );
    let apply = || {
        let _ = world
            .steersman("apply guide --simulate=t.json --auto-approve")
            .exits(0);
    };
    apply();
    let _ = world
        .steersman("simulator person register audit01 --state t.json")
        .exits(0);
    let _ = world
        .steersman(
            "simulator person mint audit01 --to .steersman/secrets/audit01/issuer --state t.json",
        )
        .exits(0);
    world.as_if_replaced(".steersman/secrets/audit01/issuer");
    world
}

fn advance(world: &World, days: u32) {
    let _ = world
        .steersman(&format!("simulator clock advance {days}d --state t.json"))
        .exits(0);
}

#[test]
fn a_token_of_a_plan_of_days_ago_is_minted_for_its_whole_life() {
    let world = enrolled();
    let _ = world
        .steersman("plan guide --simulate=t.json --save p.json")
        .exits(0)
        .says("monthly-report");
    advance(&world, 3);
    let _ = world
        .steersman("apply guide --plan p.json --simulate=t.json")
        .exits(0);
    let _ = world
        .steersman("plan guide --simulate=t.json --detailed-exitcode")
        .exits(0);
    for (path, text) in world.everything_written() {
        if path.file_name().is_some_and(|name| name == "p.json") {
            let secret = world.read(".steersman/secrets/audit01/issuer");
            let secret: serde_json::Value = serde_json::from_str(&secret).unwrap();
            assert!(!text.contains(secret["clientSecret"].as_str().unwrap()));
        }
    }
}

#[test]
fn what_has_become_due_since_is_left_to_the_next_plan() {
    let world = enrolled();
    let _ = world
        .steersman("apply guide --simulate=t.json --auto-approve")
        .exits(0);
    advance(&world, 19);
    let _ = world
        .steersman("simulator levels set audit01 HELPDESK --state t.json")
        .exits(0);
    let _ = world
        .steersman("plan guide --simulate=t.json --save p.json")
        .exits(0)
        .says_not("rotat");
    advance(&world, 2);
    let apply = world
        .steersman("apply guide --plan p.json --simulate=t.json")
        .exits(0);
    insta::assert_snapshot!(apply.shown());
    let _ = world
        .steersman("plan guide --simulate=t.json --detailed-exitcode")
        .exits(2)
        .says("monthly-report");
    let _ = world
        .steersman("apply guide --simulate=t.json --auto-approve")
        .exits(0);
    let _ = world
        .steersman("plan guide --simulate=t.json --detailed-exitcode")
        .exits(0);
}

#[test]
fn a_step_that_time_has_made_into_another_is_refused() {
    let world = enrolled();
    let _ = world
        .steersman("apply guide --simulate=t.json --auto-approve")
        .exits(0);
    world.replace(
        "guide/steersman.yaml",
        "sp:report:read #",
        "sp:report:manage #",
    );
    let _ = world
        .steersman("plan guide --simulate=t.json --save p.json")
        .exits(0);
    // The token that was to be changed has ended.
    advance(&world, 31);
    let apply = world
        .steersman("apply guide --plan p.json --simulate=t.json")
        .exits(5);
    insta::assert_snapshot!(apply.shown());
}
