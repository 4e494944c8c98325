//! `token revoke` and `token disable`: what is stopped, what is refused, and what the next plan does.

use crate::site::{
    FILE, ISSUER, Shows, advance, by_hand, delivered, is_settled, list, plan, rows, run,
};
use serde_json::Value;

/// The id of the declared token.
fn id(listed: &Value) -> String {
    let tokens = listed["tokens"].as_array().unwrap();
    let declared = tokens.iter().find(|token| token["state"] == "declared");
    declared.unwrap()["id"].as_str().unwrap().to_owned()
}

#[test]
fn an_undeclared_token_is_revoked_by_its_name() {
    let world = delivered();
    by_hand(&world, "--token by-hand");
    let _ = run(
        &world,
        "token revoke",
        "--token audit01/by-hand --auto-approve",
    )
    .exits(0)
    .shows("token/SA-001/by-hand");
    assert_eq!(
        rows(&list(&world, "--check", 0), "/check/result"),
        ["issuer issuer signsIn", "monthly-report declared signsIn"]
    );
    is_settled(&world);
}

#[test]
fn a_declared_token_is_revoked_only_to_be_created_again() {
    let world = delivered();
    let before = id(&list(&world, "", 0));
    let _ = run(
        &world,
        "token revoke",
        "--token audit01/monthly-report --auto-approve",
    )
    .exits(4)
    .shows("a file declares it, so the next apply would create it again")
    .shows("`--replace`")
    .shows("nothing was changed");
    assert_eq!(id(&list(&world, "", 0)), before);
    let _ = run(
        &world,
        "token revoke",
        "--token audit01/monthly-report --replace --auto-approve",
    )
    .exits(0)
    .shows("without an overlap")
    .shows("these steps create the declared ones again");
    let after = list(&world, "--check", 0);
    assert_ne!(id(&after), before);
    assert_eq!(
        rows(&after, "/check/result"),
        ["issuer issuer signsIn", "monthly-report declared signsIn"]
    );
    is_settled(&world);
}

#[test]
fn what_a_pattern_matches_is_stopped_but_never_an_issuer() {
    let world = delivered();
    by_hand(&world, "--token by-hand");
    by_hand(&world, "--token another");
    let _ = run(&world, "token revoke", "--token audit01/* --auto-approve")
        .exits(0)
        .shows("token/SA-001/steersman-issuer~01e60423 is left as it is: it is the issuer token of the account")
        .shows("token/SA-001/monthly-report is left as it is: a file declares it");
    assert_eq!(
        rows(&list(&world, "", 0), "/accountName"),
        ["issuer issuer audit01", "monthly-report declared audit01"]
    );
    let _ = run(
        &world,
        "token revoke",
        "--token audit01/steersman-issuer~01e60423 --auto-approve",
    )
    .exits(0)
    .shows("without it no token of audit01 can be created, changed or rotated")
    .shows("steersman enroll audit01")
    .shows("local:audit01/issuer still holds the secret of a token that is stopped");
    let listed = list(&world, "", 0);
    assert_eq!(
        rows(&listed, "/delivery/state"),
        ["monthly-report declared delivered", "null missing stale"]
    );
}

#[test]
fn revocations_are_counted_by_the_guard() {
    let world = delivered();
    by_hand(&world, "--token by-hand");
    by_hand(&world, "--token another");
    let text = world.read(FILE);
    world.write(
        FILE,
        format!("{text}\npolicy: {{limits: {{deleteTokens: 1}}}}\n"),
    );
    let revoke = "--token audit01/by-hand --token SA-001/another --auto-approve";
    let _ = run(&world, "token revoke", revoke)
        .exits(4)
        .shows("deleteTokens");
    assert_eq!(list(&world, "", 0)["tokens"].as_array().unwrap().len(), 4);
    let _ = run(
        &world,
        "token revoke",
        &format!("{revoke} --allow deleteTokens=2"),
    )
    .exits(0);
    assert_eq!(list(&world, "", 0)["tokens"].as_array().unwrap().len(), 2);
}

#[test]
fn a_disabled_token_is_replaced_and_never_extended() {
    for wait in ["0s", "2m", "3d"] {
        let world = delivered();
        let before = id(&list(&world, "", 0));
        let _ = run(
            &world,
            "token disable",
            "--token audit01/monthly-report --auto-approve",
        )
        .exits(0)
        .shows("as its owner")
        .shows("`steersman apply guide --simulate=tenant/t.json` replaces each disabled token");
        let soon = list(&world, "--expiring-within 1m", 2);
        assert_eq!(
            rows(&soon, "/id"),
            [format!("monthly-report declared {before}")]
        );
        if wait != "0s" {
            advance(&world, wait);
        }
        // On a slow machine the minute may be over.
        let planned = plan(&world);
        let by = |reason| vec![format!("replace token/SA-001/monthly-report {reason}")];
        let is_replaced = planned == by("expired") || wait == "0s" && planned == by("disabled");
        assert!(is_replaced, "{wait}: {planned:?}");
        let _ = run(&world, "apply", "--auto-approve").exits(0);
        let after = list(&world, "--check", 0);
        assert_ne!(id(&after), before);
        assert!(
            rows(&after, "/check/result").contains(&"monthly-report declared signsIn".to_owned())
        );
        is_settled(&world);
        // What is left of the old one goes, and nothing else happens.
        advance(&world, "3d");
        let _ = run(&world, "apply", "--auto-approve").exits(0);
        is_settled(&world);
        assert_eq!(list(&world, "", 0)["tokens"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn without_an_issuer_an_admin_disables() {
    let world = delivered();
    by_hand(&world, "--token by-hand");
    std::fs::remove_file(world.path(ISSUER)).unwrap();
    let _ = run(
        &world,
        "token disable",
        "--token audit01/monthly-report --token audit01/by-hand --auto-approve",
    )
    .exits(0)
    .shows("as an ISC admin");
    let soon = list(&world, "--expiring-within 1m", 2);
    assert_eq!(
        rows(&soon, "/expiry"),
        ["by-hand undeclared at", "monthly-report declared at"]
    );
    let _ = run(
        &world,
        "token disable",
        "--token audit01/by-hand --auto-approve",
    )
    .exits(0)
    .shows("is left as it is: it end");
    advance(&world, "2m");
    let _ = run(&world, "token list", "--check")
        .exits(1)
        .shows("rejected");
}

#[test]
fn bad_input_changes_nothing() {
    let world = delivered();
    let before = world.read("tenant/t.json");
    for (command, more, code, says) in [
        ("token revoke", "", 64, "--token <ACCOUNT/TOKEN>"),
        (
            "token revoke",
            "--token audit01",
            64,
            "`audit01` must be ACCOUNT/TOKEN",
        ),
        ("token disable", "--token /x", 64, "must be ACCOUNT/TOKEN"),
        ("token disable", "--token audit01/[x", 64, "invalid pattern"),
        (
            "token disable",
            "--token audit02/x --auto-approve",
            64,
            "no token matches `audit02/x`",
        ),
        (
            "token revoke",
            "--token audit01/nightly --auto-approve",
            64,
            "steersman token list",
        ),
        // Nobody is there to approve.
        (
            "token disable",
            "--token audit01/monthly-report",
            64,
            "cannot ask for approval",
        ),
    ] {
        let _ = run(&world, command, more).exits(code).shows(says);
    }
    let tokens = |state: &str| {
        let state: Value = serde_json::from_str(state).unwrap();
        state
            .pointer("/tokens")
            .or(state.pointer("/tenant/tokens"))
            .cloned()
    };
    assert_eq!(tokens(&world.read("tenant/t.json")), tokens(&before));
}
