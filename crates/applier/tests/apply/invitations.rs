//! Invitations.

use crate::fake::{Fault, every_refusal, unknown};
use crate::plans::{invite, invite_to, known, plan};
use crate::world::{World, failure, lines};
use model::{IdentityStatus, Plan, TaskState};

fn world(status: IdentityStatus) -> World {
    let world = World::new();
    world.tenant.state().add_identity("audit01", status, &[]);
    world
}

fn inviting() -> Plan {
    plan(vec![invite(known("audit01"))])
}

#[tokio::test(start_paused = true)]
async fn whoever_is_not_registered_and_not_invited_is_invited() {
    let world = world(IdentityStatus::Unregistered);
    assert_eq!(
        lines(&world.apply(&inviting()).await),
        ["invitation/SA-001 done"]
    );
    assert_eq!(world.tenant.writes(), ["invite audit01"]);
}

#[tokio::test(start_paused = true)]
async fn nobody_else_gets_an_e_mail() {
    for status in [
        IdentityStatus::Pending,
        IdentityStatus::Registered,
        IdentityStatus::Active,
        IdentityStatus::Warning,
        IdentityStatus::Unusable("LOCKED".to_owned()),
    ] {
        let world = world(status.clone());
        assert_eq!(
            lines(&world.apply(&inviting()).await),
            [format!(
                "invitation/SA-001 done (no invitation is needed: audit01 is {status})"
            )]
        );
        assert_eq!(world.tenant.writes(), Vec::<String>::new());
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_lost_is_made_up_for_by_looking() {
    let sent = world(IdentityStatus::Unregistered);
    sent.tenant.on("invite", Fault::After(unknown()));
    assert_eq!(
        lines(&sent.apply(&inviting()).await),
        ["invitation/SA-001 done"]
    );

    let not_sent = world(IdentityStatus::Unregistered);
    not_sent.tenant.on("invite", Fault::Before(unknown()));
    assert!(failure(&not_sent.apply(&inviting()).await).contains("is not known"));
    for world in [sent, not_sent] {
        assert_eq!(world.tenant.count("invite"), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn failures_are_told() {
    let gone = World::new();
    assert_eq!(
        failure(&gone.apply(&inviting()).await),
        "identity audit01 does not exist"
    );

    for kind in every_refusal() {
        let world = world(IdentityStatus::Unregistered);
        world.tenant.on("invite", Fault::Before(kind.clone()));
        assert_eq!(
            failure(&world.apply(&inviting()).await),
            format!("invite audit01: {kind}")
        );
    }

    let task = world(IdentityStatus::Unregistered);
    task.tenant
        .state()
        .invitations
        .push_back(TaskState::Failed("ERROR".to_owned()));
    assert_eq!(
        failure(&task.apply(&inviting()).await),
        "the invitation ended with ERROR: no mail server"
    );
}

#[tokio::test(start_paused = true)]
async fn planner_20_nothing_is_sent_to_an_earlier_mailbox() {
    let new = Some("new@example.com");
    let with = |status, email: Option<&str>| {
        let world = world(status);
        let email = email.map(str::to_owned);
        let mut state = world.tenant.state();
        state.identities.get_mut("audit01").unwrap().email = email;
        drop(state);
        world
    };
    // ISC compares addresses without regard to case.
    for (status, again) in [
        (IdentityStatus::Unregistered, false),
        (IdentityStatus::Pending, true),
    ] {
        let world = with(status, Some("New@example.com"));
        let plan = plan(vec![invite_to(known("audit01"), new, again)]);
        assert_eq!(lines(&world.apply(&plan).await), ["invitation/SA-001 done"]);
        assert_eq!(world.tenant.writes(), ["invite audit01"]);
    }
    for (email, words) in [
        (Some("old@example.com"), "is still old@example.com"),
        (None, "has no email address yet"),
    ] {
        let world = with(IdentityStatus::Pending, email);
        let plan = plan(vec![invite_to(known("audit01"), new, true)]);
        let failed = failure(&world.apply(&plan).await);
        assert!(failed.contains(words), "{failed}");
        assert_eq!(world.tenant.writes(), Vec::<String>::new());
    }
    // Whoever registered meanwhile is left alone.
    let world = with(IdentityStatus::Active, new);
    let plan = plan(vec![invite_to(known("audit01"), new, true)]);
    let _ = world.apply(&plan).await;
    assert_eq!(world.tenant.writes(), Vec::<String>::new());
}
