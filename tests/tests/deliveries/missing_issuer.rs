//! An issuer token that is missing while all tokens are there: said now, and not once a token is due.

use crate::site::{FILE, ISSUER, blocked, delivered, mint, plan, run, steps};

/// The next action, the date by which it hurts, and the place.
const SAID: [&str; 3] = [
    "there is no issuer token at local:audit01/issuer",
    "the token monthly-report of audit01",
    "`steersman enroll audit01",
];

#[test]
fn a_deleted_issuer_is_said_by_every_command_before_a_token_is_due() {
    let world = delivered();
    let _ = run(&world, "drift --record before.json").exits(0);
    std::fs::remove_file(world.path(ISSUER)).unwrap();

    let (document, code) = plan(&world, "");
    assert_eq!(
        (code, steps(&document), blocked(&document)),
        (0, vec![], vec![])
    );
    for command in ["plan", "status", "apply --auto-approve"] {
        let mut shown = run(&world, command).exits(0);
        for said in SAID {
            shown = shown.says(said);
        }
    }
    let _ = run(&world, "apply --auto-approve --require-complete").exits(7);
    // The record knows that it was there; without one, the delivered token shows it.
    for record in ["--record before.json", ""] {
        let _ = run(&world, &format!("drift {record}"))
            .exits(2)
            .says("issuer/SA-001 (audit01)")
            .says("is missing");
    }

    mint(&world);
    let _ = run(&world, "apply --auto-approve --require-complete").exits(0);
    let _ = run(&world, "plan --detailed-exitcode").exits(0);
    let _ = run(&world, "drift").exits(0);
}

#[test]
fn another_declared_place_waits_for_a_person_too() {
    let world = delivered();
    let file = world.read(FILE);
    world.write(
        FILE,
        file.replace("key: audit01/issuer", "key: audit01/new"),
    );
    // The journal does not know the issuer token: a person put it into the store.
    let _ = run(&world, "plan --detailed-exitcode")
        .exits(0)
        .says("there is no issuer token at local:audit01/new");
    let _ = run(&world, "apply --auto-approve --require-complete").exits(7);
    let _ = run(&world, "drift")
        .exits(2)
        .says("issuer/SA-001 (audit01)");
}

#[test]
fn a_store_that_is_not_asked_or_not_readable_is_not_called_missing() {
    let world = delivered();
    std::fs::remove_file(world.path(ISSUER)).unwrap();
    for command in ["plan", "drift"] {
        let run = run(&world, &format!("{command} --no-stores")).exits(0);
        assert!(!run.stdout.contains("no issuer token"), "{}", run.stdout);
    }
    // A folder in the place of the file cannot be read.
    std::fs::create_dir_all(world.path(ISSUER)).unwrap();
    let run = run(&world, "status");
    assert!(!run.stdout.contains("no issuer token"), "{}", run.stdout);
}
