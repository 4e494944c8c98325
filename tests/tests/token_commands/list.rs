//! `token list`: every state of a token, what ends, what is unused, and who signs in.

use crate::site::{FILE, ISSUER, Shows, TOKEN, advance, by_hand, delivered, list, rows, run};

#[test]
fn each_token_is_listed_with_its_state_and_delivery() {
    let world = delivered();
    by_hand(&world, "--token by-hand --scope sp:search:read");
    // A lost secret: the token is replaced, and the old one is kept for its overlap.
    std::fs::remove_file(world.path(TOKEN)).unwrap();
    let next = list(&world, "", 0);
    assert_eq!(
        rows(&next, "/next/action"),
        [
            "by-hand undeclared null",
            "issuer issuer null",
            "monthly-report declared replace"
        ]
    );
    let _ = run(&world, "apply", "--auto-approve").exits(0);
    let listed = list(&world, "", 0);
    assert_eq!(
        rows(&listed, "/delivery/state"),
        [
            "by-hand undeclared null",
            "issuer issuer delivered",
            "monthly-report declared delivered",
            "monthly-report~ retiring null"
        ]
    );
    assert_eq!(listed["complete"], true);
    let _ = run(&world, "token list", "")
        .exits(0)
        .shows("4 tokens: 1 declared, 1 issuer, 1 retiring, 1 undeclared")
        .shows("replaced as monthly-report");
    let selected = list(
        &world,
        "--only token/SA-001/monthly* --except token/*/*~retiring*",
        0,
    );
    assert_eq!(
        rows(&selected, "/accountName"),
        ["monthly-report declared audit01"]
    );
}

#[test]
fn what_should_exist_and_does_not_is_listed_with_the_reason() {
    let world = delivered();
    let text = world.read(FILE);
    let (before, _) = text.split_once("      - name: monthly-report").unwrap();
    world.write(
        FILE,
        format!("{before}      - {{name: weekly, scopes: ['sp:report:read'], expires: 90d, deliver: {{store: local, key: audit01/weekly}}}}\n"),
    );
    let planned = list(&world, "", 0);
    assert_eq!(
        rows(&planned, "/next/reason"),
        [
            "issuer issuer null",
            "monthly-report undeclared null",
            "weekly missing notInTenant"
        ]
    );
    std::fs::remove_file(world.path(ISSUER)).unwrap();
    let blocked = list(&world, "", 0);
    assert_eq!(
        rows(&blocked, "/remedy").len(),
        4,
        "the issuer that is missing, and the token that was it"
    );
    let _ = run(&world, "token list", "")
        .exits(0)
        .shows("weekly: missing: the store has no issuer token for audit01")
        .shows("there is no issuer token at local:audit01/issuer");
}

#[test]
fn what_ends_soon_exits_with_2_and_what_is_unused_is_found() {
    let world = delivered();
    by_hand(&world, "--token by-hand");
    let _ = run(&world, "token list", "--expiring-within 1d").exits(0);
    let soon = list(&world, "--expiring-within 90d", 2);
    assert_eq!(rows(&soon, "/expiry"), ["monthly-report declared at"]);
    let unused = list(&world, "--unused-for 10d", 0);
    assert!(rows(&unused, "").is_empty());
    advance(&world, "11d");
    let unused = list(&world, "--unused-for 10d", 0);
    assert!(
        rows(&unused, "/expiry")
            .iter()
            .any(|row| row.starts_with("by-hand"))
    );
}

#[test]
fn each_delivered_secret_is_tried() {
    let world = delivered();
    let checked = list(&world, "--check", 0);
    assert_eq!(
        rows(&checked, "/check/result"),
        ["issuer issuer signsIn", "monthly-report declared signsIn"]
    );
    // Somebody wrote another secret into the store by hand.
    let text = world.read(TOKEN);
    let mut document: serde_json::Value = serde_json::from_str(&text).unwrap();
    document["clientSecret"] = "another-secret-of-32-characters-".into();
    world.write(TOKEN, document.to_string());
    let checked = list(&world, "--check", 1);
    assert_eq!(
        rows(&checked, "/check/result"),
        ["issuer issuer signsIn", "monthly-report declared rejected"]
    );
    let _ = run(&world, "token list", "--check")
        .exits(1)
        .shows("rejected")
        .shows("signing in: 1 rejected, 1 signs in")
        .says_not("another-secret-of-32");
    // A store that cannot be read is not an empty one.
    world.write(TOKEN, "no document");
    let checked = list(&world, "--check", 8);
    assert_eq!(
        rows(&checked, "/check/result"),
        ["issuer issuer signsIn", "monthly-report declared notKnown"]
    );
}

#[test]
fn bad_input_is_refused_with_the_way_out() {
    let world = delivered();
    for (more, says) in [
        (
            "--only nightly",
            "no token and no declared account matches `nightly`",
        ),
        ("--expiring-within 30", "`30` must be a number and a unit"),
        ("--unused-for soon", "`soon` must be a number and a unit"),
        ("--only kind:tokens", "did you mean kind:token?"),
        ("--format yaml", "possible values: text, json"),
    ] {
        let _ = run(&world, "token list", more).exits(64).shows(says);
    }
}
