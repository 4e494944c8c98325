//! `token rotate` of an issuer token, by its address.

use crate::site::{FILE, ISSUER, Shows, delivered, is_settled, list, rows, run};
use serde_json::Value;

#[test]
fn an_issuer_token_is_replaced_on_request_and_the_one_before_it_revoked() {
    let world = delivered();
    let id = || {
        let document: Value = serde_json::from_str(&world.read(ISSUER)).unwrap();
        document["clientId"].as_str().unwrap().to_owned()
    };
    for name in ["issuer/SA-001", "issuer/audit01"] {
        let before = id();
        let words = format!("--token {name} --auto-approve");
        let run = run(&world, "token rotate", &words)
            .exits(0)
            .shows("issuer")
            .shows("requested");
        // Nothing is stopped, and nothing can be undone.
        assert!(!run.shown().contains("warning:"), "{}", run.shown());
        assert!(!run.shown().contains("to undo"), "{}", run.shown());
        assert_ne!(id(), before);
        // What was asked for once is not done twice.
        is_settled(&world);
        let list = list(&world, "--check", 0);
        let states: Vec<String> = rows(&list, "/check/result")
            .into_iter()
            .map(|row| row.split_once(' ').unwrap().1.to_owned())
            .collect();
        assert_eq!(states, ["declared signsIn", "issuer signsIn"]);
    }
    // A pattern never means an issuer token.
    let _ = run(&world, "token rotate", "--token audit01/* --auto-approve")
        .exits(0)
        .shows("is left as it is: it is the issuer token of the account");
}

/// Nothing else than the request makes the plan read whose the issuer token is.
#[test]
fn the_issuer_token_of_an_account_without_declared_levels_is_replaced_on_request() {
    let world = delivered();
    let spec = world.read(FILE);
    let lines = spec.lines().filter(|line| !line.contains("userLevels:"));
    let without: Vec<&str> = lines.collect();
    world.write(FILE, without.join("\n"));
    let before = world.read(ISSUER);
    let words = "--token issuer/SA-001 --auto-approve";
    let _ = run(&world, "token rotate", words)
        .exits(0)
        .shows("requested");
    assert_ne!(world.read(ISSUER), before);
    is_settled(&world);
}

#[test]
fn an_issuer_token_that_is_not_there_or_was_asked_with_another_is_said() {
    let world = delivered();
    std::fs::remove_file(world.path(ISSUER)).unwrap();
    let _ = run(
        &world,
        "token rotate",
        "--token issuer/SA-001 --auto-approve",
    )
    .exits(4)
    .shows("there is no issuer token at local:audit01/issuer")
    .shows("steersman enroll audit01");
    let _ = run(
        &world,
        "token rotate",
        "--token issuer/SA-009 --auto-approve",
    )
    .exits(64)
    .shows("no token matches `issuer/SA-009`");
    assert!(world.read(FILE).contains("SA-001"));
}
