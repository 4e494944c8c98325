//! Somebody wants to stop.

use crate::fake::{Fault, Source, every_refusal};
use crate::plans::{
    SOURCE, With, create_source, define_schema, invite, known, known_source, made_source,
    no_mappings, of_account, plan, set_levels, step, upsert,
};
use crate::world::{World, lines};
use model::{
    ExpectedIdentity, IdentityStatus, LiveProfile, Operation, Outcome, Plan, Ref, Step, StepResult,
};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Carries the plan out, and wants to stop after a time.
async fn stopped_after(world: &World, time: Duration, plan: &Plan) -> Outcome {
    let (outcome, ()) = tokio::join!(world.apply(plan), async {
        sleep(time).await;
        world.cancel.cancel();
    });
    outcome
}

#[tokio::test(start_paused = true)]
async fn what_is_in_flight_is_finished_and_nothing_else_is_begun() {
    let mut world = World::new();
    world.options.parallelism = 2;
    let mut steps = Vec::new();
    for number in 0..5 {
        let id = format!("identity-{number}");
        world
            .tenant
            .state()
            .add_identity(&id, IdentityStatus::Active, &[]);
        steps.push(set_levels(
            &format!("levels/{number}"),
            known(&id),
            &["HELPDESK"],
        ));
        world
            .tenant
            .on("set_user_levels", Fault::Slow(Duration::from_secs(2)));
    }
    let outcome = stopped_after(&world, Duration::from_secs(1), &plan(steps)).await;
    assert_eq!(
        lines(&outcome),
        [
            "levels/0 done",
            "levels/1 done",
            "levels/2 never tried",
            "levels/3 never tried",
            "levels/4 never tried",
        ]
    );
    assert!(outcome.interrupted);
    assert_eq!(world.tenant.count("set_user_levels"), 2);
}

#[tokio::test(start_paused = true)]
async fn what_could_not_have_been_done_is_skipped_and_not_never_tried() {
    let mut world = World::new();
    world.options.parallelism = 2;
    world
        .tenant
        .state()
        .add_identity("a", IdentityStatus::Active, &[]);
    world
        .tenant
        .state()
        .add_identity("b", IdentityStatus::Active, &[]);
    world
        .tenant
        .on("create_source", Fault::Before(every_refusal().remove(1)));
    world
        .tenant
        .on("set_user_levels", Fault::Slow(Duration::from_secs(2)));
    let steps = vec![
        create_source(),
        set_levels("levels/a", known("a"), &["HELPDESK"]),
        define_schema(made_source(), &["id", "name"])
            .after(&["source/Service Accounts", "levels/a"]),
        upsert(made_source(), "SA-001", &[("name", "x")]).after(&["schema/Service Accounts"]),
        set_levels("levels/b", known("b"), &["HELPDESK"]).after(&["levels/a"]),
    ];
    let outcome = stopped_after(&world, Duration::from_secs(1), &plan(steps)).await;
    assert_eq!(
        lines(&outcome)[1..],
        [
            "levels/a done",
            "schema/Service Accounts skipped because of source/Service Accounts",
            "account/SA-001 skipped because of schema/Service Accounts",
            "levels/b never tried",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn stopping_when_all_is_done_interrupts_nothing() {
    let world = World::new();
    world
        .tenant
        .on("create_source", Fault::Slow(Duration::from_secs(2)));
    let outcome = stopped_after(&world, Duration::from_secs(1), &plan(vec![create_source()])).await;
    assert_eq!(lines(&outcome), ["source/Service Accounts done"]);
    assert!(!outcome.interrupted);
}

fn with_profile(world: &World) {
    let mut source = Source::new("src", SOURCE, &["id", "name"]);
    source.add(&[("id", "SA-001"), ("name", "audit01")]);
    source.profile = Some(LiveProfile {
        id: "profile".into(),
        name: "Robots".to_owned(),
        owner: None,
        authoritative_source: "src".into(),
        enabled: true,
        mappings: [].into(),
        refresh_required: true,
        identity_count: None,
    });
    world.tenant.state().add_source(source);
}

fn process() -> Step {
    let operation = Operation::ProcessIdentities {
        source: known_source(),
        profile: Ref::Known("profile".into()),
        expect: vec![ExpectedIdentity {
            account: "SA-001".into(),
            native_identity: "SA-001".into(),
            name: "audit01".into(),
            alias: None,
            user_name: None,
            judged: true,
            follows: None,
        }],
        renames: [].into(),
    };
    step(&format!("processing/{SOURCE}"), operation).against(no_mappings())
}

#[tokio::test(start_paused = true)]
async fn waiting_for_identities_is_given_up() {
    let world = World::new();
    with_profile(&world);
    let steps = vec![
        process(),
        invite(of_account("SA-001")).after(&["processing/Service Accounts"]),
    ];
    let began = Instant::now();
    let outcome = stopped_after(&world, Duration::from_secs(30), &plan(steps)).await;
    assert_eq!(began.elapsed().as_secs(), 30, "the wait ends at once");
    assert_eq!(
        lines(&outcome),
        [
            "processing/Service Accounts failed: stopped while waiting: no identity yet for audit01",
            "invitation/SA-001 skipped because of processing/Service Accounts",
        ]
    );
    assert!(outcome.interrupted);
    let StepResult::Failed { help, .. } = &outcome.steps[0].result else {
        panic!("{outcome:?}");
    };
    assert!(help.as_ref().unwrap().contains("`steersman apply` again"));
}

#[tokio::test(start_paused = true)]
async fn an_import_that_waits_for_another_aggregation_is_not_begun() {
    let world = World::new();
    with_profile(&world);
    world
        .tenant
        .state()
        .source("src")
        .running
        .push(Instant::now() + Duration::from_mins(10));
    let steps = vec![
        upsert(known_source(), "SA-002", &[("name", "x")]),
        process().after(&["account/SA-002"]),
    ];
    let outcome = stopped_after(&world, Duration::from_secs(30), &plan(steps)).await;
    assert_eq!(
        lines(&outcome),
        [
            "account/SA-002 never tried",
            "processing/Service Accounts never tried"
        ]
    );
    assert!(outcome.interrupted);
    assert_eq!(world.tenant.writes(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn an_import_that_was_sent_is_waited_for_a_few_seconds() {
    let world = World::new();
    with_profile(&world);
    world.tenant.state().task_time = Duration::from_mins(1);
    let steps = vec![
        upsert(known_source(), "SA-002", &[("name", "x")]),
        process().after(&["account/SA-002"]),
    ];
    let outcome = stopped_after(&world, Duration::from_secs(57), &plan(steps)).await;
    assert_eq!(
        lines(&outcome),
        [
            "account/SA-002 done",
            "processing/Service Accounts never tried"
        ]
    );
    assert!(outcome.interrupted);
}
