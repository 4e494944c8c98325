//! `token rollback`: the last rotation of a token is undone, while its overlap lasts.

use crate::site::{
    FILE, Shows, TOKEN, advance, by_hand, delivered, is_settled, list, plan, rows, run,
};
use serde_json::Value;
use tests::World;

const ROTATE: &str = "--token audit01/monthly-report --auto-approve";

fn document(world: &World) -> Value {
    serde_json::from_str(&world.read(TOKEN)).unwrap()
}

/// The guide with its token rotated; also the documents before and after.
fn rotated() -> (World, Value, Value) {
    let world = delivered();
    let first = document(&world);
    let _ = run(&world, "token rotate", ROTATE).exits(0);
    let second = document(&world);
    (world, first, second)
}

#[test]
fn a_rotation_is_undone_while_its_overlap_lasts() {
    let (world, first, second) = rotated();
    assert_ne!(first["clientId"], second["clientId"]);
    assert_eq!(second["previous"]["clientId"], first["clientId"]);
    let run_it = || run(&world, "token rollback", ROTATE);
    let shown = run_it()
        .exits(0)
        .shows("the secret of the token before")
        .shows("the newer token is kept as monthly-report~retiring-");
    for document in [&first, &second] {
        let secret = document["clientSecret"].as_str().unwrap();
        assert!(!shown.shown().contains(secret));
    }
    let now = document(&world);
    for key in [
        "clientId",
        "clientSecret",
        "created",
        "expires",
        "token",
        "account",
    ] {
        assert_eq!(now[key], first[key], "{key}");
    }
    assert_eq!(now["previous"], Value::Null);
    is_settled(&world);
    // It is said for as long as the newer token is kept.
    let said = "the last rotation of monthly-report was undone; it is not rotated again until";
    let command = "steersman token rotate --token audit01/monthly-report";
    for words in ["plan", "status"] {
        let shown = run(&world, words, "").exits(0).shown();
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(shown.contains(command), "{shown}");
        assert!(words == "status" || shown.contains(said), "{shown}");
        let json = run(&world, words, "--format json");
        let out = run(&world, words, "--out json=-");
        let shown = [json, out].map(|run| run.shown()).concat();
        assert!(shown.contains("rolledBack") || words == "status", "{shown}");
        assert!(shown.contains(command), "{shown}");
    }
    assert_eq!(
        rows(&list(&world, "--check", 0), "/check/result"),
        [
            "issuer issuer signsIn",
            "monthly-report declared signsIn",
            "monthly-report~ retiring nothingDelivered"
        ]
    );
    let names = || list(&world, "", 0)["tokens"].clone();
    let before = names();
    // It is not undone twice.
    let _ = run_it()
        .exits(4)
        .shows("its last rotation was undone already")
        .shows("steersman token rotate --token audit01/monthly-report");
    assert_eq!(names(), before);
    advance(&world, "3d");
    let _ = run(&world, "apply", "--auto-approve").exits(0);
    is_settled(&world);
    assert_eq!(document(&world), now);
    let later = run(&world, "plan", "").exits(0).shown();
    assert!(!later.contains("was undone"), "{later}");
    assert_eq!(
        rows(&list(&world, "--check", 0), "/check/result"),
        ["issuer issuer signsIn", "monthly-report declared signsIn"]
    );
}

#[test]
fn the_run_that_revokes_the_old_token_removes_its_secret() {
    let (world, _, second) = rotated();
    advance(&world, "3d");
    let _ = run(&world, "apply", "--auto-approve")
        .exits(0)
        .shows("its secret was removed from local:audit01/monthly-report");
    let now = document(&world);
    assert_eq!(now["previous"], Value::Null);
    assert_eq!(now["clientSecret"], second["clientSecret"]);
    let _ = run(&world, "token rollback", ROTATE)
        .exits(4)
        .shows("no token before it exists in the tenant");
    is_settled(&world);
    let listed = list(&world, "--check", 0);
    assert_eq!(rows(&listed, "/check/result").len(), 2);
}

#[test]
fn a_rotation_that_was_due_is_not_repeated_until_the_newer_token_is_gone() {
    let world = delivered();
    let expires = "expires: 90d";
    world.replace(
        FILE,
        expires,
        &format!("{expires}\n        rotate: {{before: 14d}}"),
    );
    advance(&world, "80d");
    assert_eq!(
        plan(&world),
        ["replace token/SA-001/monthly-report rotationDue"]
    );
    let _ = run(&world, "apply", "--auto-approve").exits(0);
    let _ = run(&world, "token rollback", ROTATE).exits(0);
    let _ = run(&world, "plan", "--detailed-exitcode")
        .exits(0)
        .shows("the last rotation of monthly-report was undone")
        .shows("to rotate it now");
    advance(&world, "3d");
    let steps = plan(&world);
    assert!(
        steps.contains(&"replace token/SA-001/monthly-report rotationDue".to_owned()),
        "{steps:?}"
    );
    let _ = run(&world, "apply", "--auto-approve").exits(0);
    is_settled(&world);
}

#[test]
fn what_cannot_be_rolled_back_says_why() {
    let (world, _, second) = rotated();
    by_hand(&world, "--token by-hand");
    let refused = |token: &str, says: &str| {
        let _ = run(
            &world,
            "token rollback",
            &format!("--token {token} --auto-approve"),
        )
        .exits(4)
        .shows(says)
        .shows("nothing was changed");
    };
    refused("audit01/by-hand", "no file declares it");
    refused(
        "audit01/steersman-issuer~01e60423",
        "the one before it is revoked at once",
    );
    let _ = run(
        &world,
        "token rollback",
        "--token audit01/none --auto-approve",
    )
    .exits(64)
    .shows("no token matches");
    // The files have fewer scopes now than the token before has.
    let two = "          - sp:report:read # fetch finished reports\n          - sp:search:read # search identities and events; this is what needs REPORT_ADMIN";
    world.replace(
        FILE,
        two,
        "          - sp:report:read # fetch finished reports",
    );
    refused(
        "audit01/monthly-report",
        "the token before has more scopes than the files declare now: sp:search:read",
    );
    world.replace(
        FILE,
        "          - sp:report:read # fetch finished reports",
        two,
    );
    // A form without room for it.
    world.write(TOKEN, {
        let mut bare = second.clone();
        bare.as_object_mut().unwrap().remove("previous");
        bare.to_string()
    });
    let json = "key: audit01/monthly-report";
    world.replace(FILE, json, &format!("{json}, format: dotenv"));
    refused(
        "audit01/monthly-report",
        "it is delivered as `format: dotenv`, which has room for one secret only",
    );
    world.replace(FILE, ", format: dotenv", "");
    refused(
        "audit01/monthly-report",
        "local:audit01/monthly-report does not keep the secret of the token before it",
    );
    // The token before does not exist any more.
    world.write(TOKEN, second.to_string());
    let retired = list(&world, "", 0);
    let retired = retired["tokens"].as_array().unwrap().iter();
    let retired: Vec<&str> = retired
        .filter_map(|token| token["name"].as_str())
        .filter(|name| name.contains("~retiring-"))
        .collect();
    let revoke = format!("--token audit01/{} --auto-approve", retired[0]);
    let _ = run(&world, "token revoke", &revoke).exits(0);
    world.write(TOKEN, second.to_string());
    refused(
        "audit01/monthly-report",
        "the token before it was revoked, or renamed by hand",
    );
}
