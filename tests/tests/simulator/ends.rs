//! How it ends, and what it leaves.

use serde_json::Value;
use tests::world;

use crate::served::Served;

#[test]
fn told_to_end_it_saves_the_state_and_lets_the_file_go() {
    let world = world!();
    let words = ["--state", "tenant.json", "--clock", "manual"];
    let served = Served::start(&world, &words);
    assert!(world.path("tenant.json.lock").exists());
    let run = world
        .steersman("simulator clock now --state tenant.json")
        .exits(1);
    assert!(run.stderr.contains("in use"), "{}", run.shown());
    let sources = served.client().get("/sources/v1").2;
    assert_eq!(served.ended(), Some(0));
    assert!(!world.path("tenant.json.lock").exists());
    serde_json::from_str::<Value>(&world.read("tenant.json")).unwrap();
    let again = Served::start(&world, &words);
    assert_eq!(again.client().get("/sources/v1").2, sources);
}
