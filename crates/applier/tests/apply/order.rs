//! What runs when, and what a failure holds up.

use crate::fake::{Fault, Source, every_refusal};
use crate::plans::{
    With, create_profile, create_source, define_schema, delete, known, made_source, plan, revoke,
    set_levels, upsert,
};
use crate::world::{World, lines};
use model::{IdentityStatus, Step};
use std::time::Duration;
use tokio::time::Instant;

const COLUMNS: [&str; 3] = ["id", "name", "e-mail"];

/// A source, its schema, a row and its profile, each after the one before.
fn guide() -> Vec<Step> {
    vec![
        create_source(),
        define_schema(made_source(), &COLUMNS).after(&["source/Service Accounts"]),
        upsert(made_source(), "SA-001", &[("name", "audit01")]).after(&["schema/Service Accounts"]),
        create_profile(made_source())
            .after(&["source/Service Accounts", "schema/Service Accounts"]),
    ]
}

/// Levels of some identities, which wait for nothing.
fn independent(world: &World, count: usize) -> Vec<Step> {
    (0..count)
        .map(|number| {
            let id = format!("identity-{number}");
            let mut state = world.tenant.state();
            state.add_identity(&id, IdentityStatus::Active, &[]);
            set_levels(&format!("levels/{number}"), known(&id), &["HELPDESK"])
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn each_step_comes_after_those_it_waits_for() {
    let world = World::new();
    let outcome = world.apply(&plan(guide())).await;
    assert!(outcome.all_done(), "{:?}", lines(&outcome));
    assert_eq!(
        world.tenant.writes(),
        [
            "create_source Service Accounts",
            "define_schema source-1",
            "import_accounts source-1",
            "create_profile Robots",
        ]
    );
    assert!(!outcome.interrupted);
    assert_eq!(outcome.notices, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn dependencies_decide_and_not_the_order_of_the_steps() {
    let world = World::new();
    let mut steps = guide();
    steps.reverse();
    let outcome = world.apply(&plan(steps)).await;
    assert!(outcome.all_done(), "{:?}", lines(&outcome));
    assert_eq!(
        world.events.started()[..2],
        ["source/Service Accounts", "schema/Service Accounts"]
    );
    // What became of the steps is told in the plan's order.
    assert_eq!(lines(&outcome)[0], "profile/Service Accounts done");
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_nothing_runs_side_by_side_up_to_the_limit() {
    for (limit, rounds) in [(1, 6), (2, 3), (4, 2), (100, 1), (0, 6)] {
        let mut world = World::new();
        world.options.parallelism = limit;
        let steps = independent(&world, 6);
        for _ in 0..6 {
            world
                .tenant
                .on("set_user_levels", Fault::Slow(Duration::from_secs(1)));
        }
        let began = Instant::now();
        assert!(world.apply(&plan(steps)).await.all_done());
        assert_eq!(began.elapsed().as_secs(), rounds, "at a limit of {limit}");
        assert_eq!(world.tenant.most_in_flight(), limit.clamp(1, 6));
    }
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_failure_is_skipped_and_the_rest_goes_on() {
    for kind in every_refusal() {
        let world = World::new();
        let mut steps = guide();
        steps.extend(independent(&world, 2));
        world
            .tenant
            .on("define_schema", Fault::Before(kind.clone()));
        let outcome = world.apply(&plan(steps)).await;
        assert_eq!(
            lines(&outcome),
            [
                "source/Service Accounts done".to_owned(),
                format!("schema/Service Accounts failed: define_schema source-1: {kind}"),
                "account/SA-001 skipped because of schema/Service Accounts".to_owned(),
                "profile/Service Accounts skipped because of schema/Service Accounts".to_owned(),
                "levels/0 done".to_owned(),
                "levels/1 done".to_owned(),
            ]
        );
        assert!(!outcome.interrupted);
    }
}

#[tokio::test(start_paused = true)]
async fn skipping_goes_on_along_a_chain() {
    let world = World::new();
    let mut steps = independent(&world, 4);
    for (number, step) in steps.iter_mut().enumerate().skip(1) {
        step.depends_on = vec![format!("levels/{}", number - 1).parse().unwrap()];
    }
    world
        .tenant
        .on("user_levels", Fault::Before(every_refusal().remove(1)));
    let outcome = world.apply(&plan(steps)).await;
    assert_eq!(
        lines(&outcome)[1..],
        [
            "levels/1 skipped because of levels/0",
            "levels/2 skipped because of levels/1",
            "levels/3 skipped because of levels/2",
        ]
    );
    assert_eq!(world.tenant.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_row_whose_predecessor_failed_does_not_hold_up_the_other_rows() {
    let world = World::new();
    let fingerprints: Vec<_> = {
        let mut state = world.tenant.state();
        let mut source = Source::new("src", "Service Accounts", &["id", "name"]);
        for (id, name) in [("SA-001", "amy"), ("SA-002", "bob"), ("SA-003", "cid")] {
            source.add(&[("id", id), ("name", name)]);
        }
        let fingerprints = source
            .accounts
            .iter()
            .map(model::LiveAccount::fingerprint)
            .collect();
        state.add_source(source);
        state.add_identity("audit01", IdentityStatus::Active, &[]);
        fingerprints
    };
    let outcome = world
        .apply(&plan(vec![
            // The token is not there, so revoking it fails.
            revoke("gone"),
            delete("SA-001")
                .against(fingerprints[0].clone())
                .after(&["token/SA-001/gone"]),
            delete("SA-002").against(fingerprints[1].clone()),
        ]))
        .await;
    assert_eq!(
        lines(&outcome),
        [
            "token/SA-001/gone failed: token/SA-001/gone has changed since the plan was made",
            "account/SA-001 skipped because of token/SA-001/gone",
            "account/SA-002 done",
        ]
    );
    let mut state = world.tenant.state();
    assert_eq!(state.sent, ["id,name\r\nSA-001,amy\r\nSA-003,cid\r\n"]);
    assert_eq!(state.source("src").accounts.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_rows_and_levels_are_scheduled_in_no_time() {
    let mut world = World::new();
    world.options.parallelism = 64;
    let mut steps = vec![create_source(), define_schema(made_source(), &COLUMNS)];
    steps[1].depends_on = vec![steps[0].address.clone()];
    for number in 0..10_000 {
        steps.push(
            upsert(
                made_source(),
                &format!("SA-{number}"),
                &[("name", &format!("n{number}"))],
            )
            .after(&["schema/Service Accounts"]),
        );
    }
    for step in independent(&world, 10_000) {
        let row = step.address.account().unwrap().to_string();
        steps.push(step.after(&[&format!("account/SA-{row}")]));
    }
    let began = std::time::Instant::now();
    assert!(world.apply(&plan(steps)).await.all_done());
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(world.tenant.count("import_accounts"), 1);
}
