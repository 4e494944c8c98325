//! Many changes with few requests: what is read together, and what happens where the
//! tenant is edited in between.

use crate::fake::{Comparing, Fault, Told, every_refusal, unknown};
use crate::plans::{With, invite, known, mint, new_token, plan, revoke, set_levels};
use crate::world::{World, lines};
use jiff::{SignedDuration, Timestamp};
use model::{Fingerprint, IdentityStatus, Plan, Step, TaskState, UserLevel};
use std::collections::BTreeSet;
use std::time::Duration;

fn set(levels: &[&str]) -> BTreeSet<UserLevel> {
    levels.iter().map(|level| (*level).into()).collect()
}

/// Identities that hold `HELPDESK` and are to hold `REPORT_ADMIN`, too.
fn levels(world: &World, count: usize) -> Plan {
    let step = |number: usize| {
        let id = format!("identity-{number}");
        let mut state = world.tenant.state();
        state.add_identity(&id, IdentityStatus::Active, &["HELPDESK"]);
        let wanted = ["HELPDESK", "REPORT_ADMIN"];
        let mut step = set_levels(&format!("levels/{number}"), known(&id), &wanted)
            .against(Fingerprint::of(&set(&["HELPDESK"])));
        let held = serde_json::json!(["HELPDESK"]);
        step.before = Some(model::Fields::from_iter([("userLevels".to_owned(), held)]));
        step
    };
    plan((0..count).map(step).collect())
}

/// The steps that are not done.
fn not_done(outcome: &model::Outcome) -> Vec<String> {
    let lines = lines(outcome).into_iter();
    lines.filter(|line| !line.ends_with(" done")).collect()
}

#[tokio::test]
async fn where_the_tenant_compares_levels_each_identity_is_one_request() {
    let world = World::new();
    let plan = levels(&world, 60);
    assert!(world.apply(&plan).await.all_done());
    assert_eq!(world.tenant.count("compares_levels"), 1);
    assert_eq!(world.tenant.count("set_user_levels"), 60);
    assert_eq!(world.tenant.calls().len(), 61);
}

#[tokio::test]
async fn apply_10_a_level_given_by_hand_meanwhile_is_not_taken_away() {
    // Few are read singly, many are compared within the write.
    for count in [2, 60] {
        let mut world = World::new();
        world.options.parallelism = 1;
        let plan = levels(&world, count);
        world.tenant.on("set_user_levels", Fault::Pass);
        world.tenant.on(
            "set_user_levels",
            Fault::meanwhile(|state| {
                let given = set(&["HELPDESK", "CERT_ADMIN"]);
                state.levels.insert("identity-1".into(), given);
            }),
        );
        let outcome = world.apply(&plan).await;
        assert_eq!(
            not_done(&outcome),
            ["levels/1 failed: levels/1 has changed since the plan was made"]
        );
        let state = world.tenant.state();
        assert_eq!(state.levels["identity-1"], set(&["HELPDESK", "CERT_ADMIN"]));
    }
}

#[tokio::test]
async fn levels_that_became_what_is_declared_are_done() {
    let world = World::new();
    let plan = levels(&world, 5);
    let wanted = set(&["HELPDESK", "REPORT_ADMIN"]);
    let given = wanted.clone();
    world
        .tenant
        .state()
        .levels
        .insert("identity-1".into(), given);
    assert!(world.apply(&plan).await.all_done());
    assert_eq!(world.tenant.state().levels["identity-1"], wanted);
}

#[tokio::test(start_paused = true)]
async fn where_it_does_not_compare_lists_of_at_most_30_seconds_ago_are_used() {
    let mut world = World::new();
    world.options.parallelism = 1;
    {
        let mut state = world.tenant.state();
        state.comparing = Comparing::Ignored;
        state.has_lists = true;
    }
    let plan = levels(&world, 120);
    world.tenant.on("listed_levels", Fault::Pass);
    // The second list is read after this; the level is given before it.
    world
        .tenant
        .on("set_user_levels", Fault::Slow(Duration::from_secs(26)));
    world.tenant.on(
        "listed_levels",
        Fault::meanwhile(|state| {
            let given = set(&["HELPDESK", "CERT_ADMIN"]);
            state.levels.insert("identity-7".into(), given);
        }),
    );
    let outcome = world.apply(&plan).await;
    assert_eq!(
        not_done(&outcome),
        ["levels/7 failed: levels/7 has changed since the plan was made"]
    );
    assert_eq!(world.tenant.count("listed_levels"), 2);
    assert_eq!(world.tenant.count("set_user_levels"), 119);
    assert_eq!(world.tenant.count("user_levels"), 0);
}

#[tokio::test]
async fn where_it_rejects_comparing_each_of_few_is_read_before() {
    let world = World::new();
    world.tenant.state().comparing = Comparing::Rejected;
    let plan = levels(&world, 10);
    assert!(world.apply(&plan).await.all_done());
    assert_eq!(world.tenant.count("user_levels"), 10);
    assert_eq!(world.tenant.count("set_user_levels"), 10);

    // Where that is not known yet, it is found out.
    let world = World::new();
    world.tenant.state().comparing = Comparing::Rejected;
    let plan = levels(&world, 1);
    assert!(world.apply(&plan).await.all_done());
    assert_eq!(world.tenant.count("set_user_levels"), 2);
}

#[tokio::test]
async fn what_was_sent_and_cannot_be_verified_is_said_so() {
    let world = World::new();
    world.tenant.state().told = Told::Nothing;
    let plan = levels(&world, 5);
    assert!(world.apply(&plan).await.all_done());
    assert_eq!(world.tenant.count("user_levels"), 5);

    let world = World::new();
    world.tenant.state().told = Told::Nothing;
    let plan = levels(&world, 5);
    world
        .tenant
        .always("user_levels", every_refusal().remove(4));
    let outcome = world.apply(&plan).await;
    for line in not_done(&outcome) {
        assert!(line.contains("not verified: "), "{line}");
    }
    assert_eq!(not_done(&outcome).len(), 5);
}

#[tokio::test]
async fn levels_are_read_again_where_the_write_waited_for_more_than_30_seconds() {
    let world = World::new();
    let plan = levels(&world, 2);
    world.tenant.state().waits_for_its_turn = Duration::from_secs(31);
    assert!(world.apply(&plan).await.all_done());
    assert_eq!(world.tenant.count("user_levels"), 3);
    assert_eq!(world.tenant.count("set_user_levels"), 3);
}

fn invitations(world: &World, count: usize) -> Plan {
    let step = |number: usize| -> Step {
        let id = format!("identity-{number:03}");
        let mut state = world.tenant.state();
        state.add_identity(&id, IdentityStatus::Unregistered, &[]);
        let mut step = invite(known(&id));
        step.address = format!("invitation/{number:03}").parse().unwrap();
        step
    };
    plan((0..count).map(step).collect())
}

#[tokio::test(start_paused = true)]
async fn a_hundred_identities_are_invited_with_one_request() {
    let world = World::new();
    let plan = invitations(&world, 250);
    assert!(world.apply(&plan).await.all_done());
    assert_eq!(world.tenant.count("invite"), 3);
    assert_eq!(world.tenant.count("identities"), 3);
    assert_eq!(world.tenant.count("identity "), 0);
    assert_eq!(world.journal().earlier().invited, []);
}

#[tokio::test(start_paused = true)]
async fn who_of_many_was_not_invited_is_told() {
    let world = World::new();
    let plan = invitations(&world, 20);
    {
        let mut state = world.tenant.state();
        state.not_invited.insert("identity-007".into());
        state.invitations.push_back(TaskState::Warning);
    }
    let outcome = world.apply(&plan).await;
    assert_eq!(
        not_done(&outcome),
        ["invitation/007 failed: ISC did not invite identity-007: no mail server"]
    );
    assert_eq!(world.tenant.count("invite"), 1);
}

#[tokio::test(start_paused = true)]
async fn one_that_isc_rejects_does_not_stop_the_others() {
    let world = World::new();
    let plan = invitations(&world, 3);
    let rejected = || Fault::Before(every_refusal().remove(3));
    world.tenant.on("invite", rejected());
    world.tenant.on("invite", Fault::Pass);
    world.tenant.on("invite", rejected());
    let outcome = world.apply(&plan).await;
    assert_eq!(not_done(&outcome).len(), 1);
    assert!(not_done(&outcome)[0].starts_with("invitation/001 failed: "));
    assert_eq!(world.tenant.count("invite"), 4);
    assert_eq!(world.journal().earlier().invited, []);
}

#[tokio::test(start_paused = true)]
async fn after_a_lost_response_each_is_recognized_and_none_invited_twice() {
    let world = World::new();
    let plan = invitations(&world, 20);
    world
        .tenant
        .state()
        .not_invited
        .insert("identity-007".into());
    world.tenant.on("invite", Fault::After(unknown()));
    let outcome = world.apply(&plan).await;
    assert_eq!(not_done(&outcome).len(), 1);
    assert!(not_done(&outcome)[0].contains("whether it took effect is not known"));
    assert_eq!(world.tenant.count("invite"), 1);
    // The next run looks whether ISC is still sending.
    let left = world.journal().earlier().invited;
    assert_eq!(left[0].intent.identities.len(), 20);
}

#[tokio::test(start_paused = true)]
async fn apply_09_what_a_killed_run_may_have_sent_is_waited_for() {
    let world = World::new();
    let plan = invitations(&world, 2);
    let time = Timestamp::now() - SignedDuration::from_secs(10);
    let line = serde_json::json!({
        "time": time, "run": "killed", "event": "intended", "id": "killed#1",
        "address": "invitation/000", "kind": "inviteIdentities",
        "tenant": crate::world::TENANT, "identities": ["identity-000"],
    });
    fs_err::write(world.path("journal.jsonl"), format!("{line}\n")).unwrap();
    {
        let mut state = world.tenant.state();
        let end = tokio::time::Instant::now() + Duration::from_secs(3);
        state.tasks.push((end, TaskState::Success, Vec::new()));
    }
    world.tenant.on("is_inviting", Fault::Pass);
    world.tenant.on(
        "is_inviting",
        Fault::meanwhile(|state| {
            let sent = state.identities.get_mut("identity-000").unwrap();
            sent.status = IdentityStatus::Pending;
        }),
    );
    let outcome = world.apply(&plan).await;
    assert_eq!(
        not_done(&outcome),
        [format!(
            "invitation/000 done (no invitation is needed: identity-000 is {})",
            IdentityStatus::Pending
        )]
    );
    assert_eq!(world.tenant.writes(), ["invite identity-001"]);
    // The entry is closed once ISC has ended.
    tokio::time::sleep(Duration::from_secs(4)).await;
    let nothing = crate::plans::plan(Vec::new());
    assert!(world.apply(&nothing).await.all_done());
    assert_eq!(world.journal().earlier().invited, []);
}

#[tokio::test]
async fn tokens_of_one_owner_share_one_list_before_and_one_after() {
    let world = World::new();
    let issuer = world.enroll("audit01", "issuer").await;
    let tokens = ["one", "two", "three"].map(|name| mint(new_token(name, &issuer)));
    let outcome = world.apply(&plan(tokens.into())).await;
    assert!(outcome.all_done(), "{:?}", lines(&outcome));
    assert_eq!(world.tenant.count("tokens_of"), 2);
    assert_eq!(world.tenant.count("mint_token"), 3);
}

#[tokio::test]
async fn one_list_of_all_tokens_is_read_before_several_are_revoked() {
    let world = World::new();
    let steps = ["one", "two", "three"].map(|name| {
        let mut state = world.tenant.state();
        let fingerprint = state.add_token("audit01", name, &[]).fingerprint();
        revoke(name).against(fingerprint)
    });
    // One of them was changed by hand.
    world.tenant.state().tokens[1].expires = None;
    let outcome = world.apply(&plan(steps.into())).await;
    assert_eq!(
        not_done(&outcome),
        ["token/SA-001/two failed: token/SA-001/two has changed since the plan was made"]
    );
    assert_eq!(world.tenant.count("tokens"), 1);
    assert_eq!(world.tenant.writes().len(), 2);
}
