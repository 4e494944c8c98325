//! What others do to the tenant.

use tests::world;

#[test]
fn an_account_that_others_made_survives_every_apply() {
    let world = world!();
    world.example("guide");
    let apply = || world.steersman("apply guide --simulate=t.json --auto-approve");
    let _ = apply().exits(0);
    let _ = world
        .steersman_words(&[
            "simulator",
            "account",
            "put",
            "Service Accounts",
            "id=X-1",
            "name=byhand",
            "e-mail=x@example.com",
            "purpose=made, \"by hand\"",
            "--state",
            "t.json",
        ])
        .exits(0);
    // ISC has made its identity.
    let _ = world
        .steersman("simulator clock advance 1h --state t.json")
        .exits(0);
    let state = || {
        world
            .steersman("simulator state dump --state t.json")
            .exits(0)
            .stdout
    };

    // An import is the full state: without its row the account would be deleted.
    world.replace(
        "guide/steersman.yaml",
        "Automate monthly audit report",
        "Automate the audit report",
    );
    let changed = apply()
        .exits(0)
        .says("1 resent unchanged")
        .says("unmanaged, kept");
    // How many requests reading takes depends on how far the tenant's tasks are.
    let shown = changed.shown();
    let lines = shown
        .lines()
        .filter(|line| !line.contains(" requests to read"));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
    assert!(state().contains("made, \\\"by hand\\\""));
    let _ = world
        .steersman("plan guide --simulate=t.json --detailed-exitcode")
        .exits(0);

    // One of two accounts is half of them, so the threshold has to allow it.
    world.replace(
        "guide/steersman.yaml",
        "    identityProfile:",
        "    unmanaged: delete\n    deleteThreshold: 10\n    identityProfile:",
    );
    insta::assert_snapshot!(apply().exits(4).shown());
    assert!(state().contains("X-1"));
    world.replace(
        "guide/steersman.yaml",
        "deleteThreshold: 10",
        "deleteThreshold: 50",
    );
    let _ = apply().exits(0);
    assert!(!state().contains("made, \\\"by hand\\\""));
    let _ = world
        .steersman("plan guide --simulate=t.json --detailed-exitcode")
        .exits(0);
}

#[test]
fn levels_changed_by_hand_are_shown_and_mended() {
    let world = world!();
    world.example("guide");
    let apply = || world.steersman("apply guide --simulate=t.json --auto-approve");
    let _ = apply().exits(0);
    let _ = world
        .steersman("simulator levels set audit01 HELPDESK --state t.json")
        .exits(0);
    let plan = world
        .steersman("plan guide --simulate=t.json --detailed-exitcode")
        .exits(2);
    insta::assert_snapshot!(plan.shown());
    let _ = apply().exits(0);
    let _ = world
        .steersman("plan guide --simulate=t.json --detailed-exitcode")
        .exits(0);
}

#[test]
fn an_invitation_that_has_expired_is_sent_again() {
    let world = world!();
    world.example("guide");
    let apply = || world.steersman("apply guide --simulate=t.json --auto-approve");
    let _ = apply().exits(0);
    let _ = world
        .steersman("simulator clock advance 8d --state t.json")
        .exits(0);
    let plan = world
        .steersman("plan guide --simulate=t.json --detailed-exitcode")
        .exits(2);
    assert!(plan.stdout.contains("invitation"), "{}", plan.shown());
    let _ = apply().exits(0);
    let _ = world
        .steersman("plan guide --simulate=t.json --detailed-exitcode")
        .exits(0);
}
