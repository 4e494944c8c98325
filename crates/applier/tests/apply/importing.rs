//! The one import that carries all changed rows of a source.

use crate::fake::{Fault, ImportEnd, Source, every_refusal, unknown};
use crate::plans::{SOURCE, With, delete, known_source, plan, rename, upsert};
use crate::world::{World, failure, is_stale, lines};
use model::{Event, Fingerprint, Outcome, Step, StepResult};
use std::time::Duration;
use tokio::time::Instant;

/// A source with two accounts.
fn world() -> World {
    let world = World::new();
    let mut source = Source::new("src", SOURCE, &["id", "name", "team"]);
    source.add(&[("id", "SA-001"), ("name", "amy"), ("team", "a, \"b\"")]);
    source.add(&[("id", "SA-002"), ("name", "bob")]);
    world.tenant.state().add_source(source);
    world
}

fn fingerprint(world: &World, id: &str) -> Fingerprint {
    world
        .tenant
        .state()
        .source("src")
        .account(id)
        .unwrap()
        .fingerprint()
}

fn new(id: &str) -> Step {
    upsert(known_source(), id, &[("name", "new")])
}

fn ids(world: &World) -> Vec<String> {
    let mut state = world.tenant.state();
    let accounts = &state.source("src").accounts;
    accounts
        .iter()
        .map(|account| account.native_identity.to_string())
        .collect()
}

fn only_sent(world: &World) -> String {
    let sent = world.tenant.state().sent.clone();
    let [csv] = sent.as_slice() else {
        panic!("{sent:?} is not one import");
    };
    csv.clone()
}

#[tokio::test(start_paused = true)]
async fn all_changes_of_a_source_go_by_one_import_and_all_other_rows_with_them() {
    let world = world();
    let outcome = world
        .apply(&plan(vec![
            new("SA-003"),
            delete("SA-002").against(fingerprint(&world, "SA-002")),
            new("SA-004"),
        ]))
        .await;
    assert!(outcome.all_done(), "{:?}", lines(&outcome));
    assert_eq!(
        only_sent(&world),
        "id,name,team\r\nSA-001,amy,\"a, \"\"b\"\"\"\r\nSA-003,new,\r\nSA-004,new,\r\n"
    );
    assert_eq!(ids(&world), ["SA-001", "SA-003", "SA-004"]);
}

#[tokio::test(start_paused = true)]
async fn a_row_that_has_appeared_since_the_plan_is_sent_again() {
    let world = world();
    // Somebody adds it between the plan and the import.
    world.tenant.on(
        "accounts",
        Fault::meanwhile(|state| {
            state
                .source("src")
                .add(&[("id", "SA-777"), ("name", "zoe"), ("team", "x")]);
        }),
    );
    assert!(world.apply(&plan(vec![new("SA-003")])).await.all_done());
    assert!(only_sent(&world).contains("SA-777,zoe,x\r\n"));
    assert_eq!(ids(&world), ["SA-001", "SA-002", "SA-777", "SA-003"]);
}

#[tokio::test(start_paused = true)]
async fn rows_that_are_not_as_they_were_planned_against_stop_the_import() {
    type Plan = fn(&World) -> Step;
    let plans: [(&str, Plan); 6] = [
        ("changed", |world| {
            upsert(known_source(), "SA-001", &[("name", "x")]).against(fingerprint(world, "SA-002"))
        }),
        ("deleted and changed", |world| {
            delete("SA-001").against(fingerprint(world, "SA-002"))
        }),
        ("gone", |world| {
            new("SA-009").against(fingerprint(world, "SA-001"))
        }),
        ("there meanwhile, and other", |_| new("SA-001")),
        ("renamed and changed", |world| {
            rename("SA-001", "SA-009").against(fingerprint(world, "SA-002"))
        }),
        ("the new id is taken", |world| {
            rename("SA-001", "SA-002").against(fingerprint(world, "SA-001"))
        }),
    ];
    for (what, step) in plans {
        let world = world();
        let plan = plan(vec![step(&world)]);
        println!("{what}");
        is_stale(&world, &world.apply(&plan).await);
    }
}

#[tokio::test(start_paused = true)]
async fn a_row_that_is_there_already_as_it_is_wanted_is_no_surprise() {
    let world = world();
    let step = upsert(known_source(), "SA-001", &[("name", "amy")]);
    assert!(world.apply(&plan(vec![step])).await.all_done());
    assert!(only_sent(&world).contains("SA-001,amy,\"a, \"\"b\"\"\""));
}

#[tokio::test(start_paused = true)]
async fn a_renamed_row_takes_its_cells_along() {
    let world = world();
    let step = rename("SA-001", "SA-100").against(fingerprint(&world, "SA-001"));
    assert!(world.apply(&plan(vec![step])).await.all_done());
    assert_eq!(
        only_sent(&world),
        "id,name,team\r\nSA-100,amy,\"a, \"\"b\"\"\"\r\nSA-002,bob,\r\n"
    );
}

/// A row is added and another one deleted, by an import that ends so.
async fn ends(end: ImportEnd) -> (World, Outcome) {
    let world = world();
    world.tenant.state().imports.push_back(end);
    world.tenant.state().task_time = Duration::from_secs(5);
    let outcome = world
        .apply(&plan(vec![
            delete("SA-001").against(fingerprint(&world, "SA-001")),
            new("SA-003"),
        ]))
        .await;
    (world, outcome)
}

#[tokio::test(start_paused = true)]
async fn how_an_import_ends_is_not_assumed_but_looked_at() {
    let table = [
        (ImportEnd::Success, None),
        (ImportEnd::WarningAllDone, None),
        (
            ImportEnd::WarningWithoutDeletions,
            Some(
                "the accounts of \"Service Accounts\": after the import SA-001 still exists; the import ended with a warning: the delete threshold was exceeded",
            ),
        ),
        (
            ImportEnd::SuccessWithout("SA-002".to_owned()),
            Some(
                "the accounts of \"Service Accounts\": after the import SA-002 is missing although its row was sent",
            ),
        ),
        (
            ImportEnd::SuccessWithout("SA-003".to_owned()),
            Some("the accounts of \"Service Accounts\": after the import SA-003 does not exist"),
        ),
        (
            ImportEnd::Failed("ERROR"),
            Some("the import ended with ERROR: the disk is full"),
        ),
        (
            ImportEnd::Failed("TERMINATED"),
            Some("the import ended with TERMINATED: the disk is full"),
        ),
        (
            ImportEnd::Failed("TEMPERROR"),
            Some("the import ended with TEMPERROR: the disk is full"),
        ),
    ];
    for (end, error) in table {
        let (world, outcome) = ends(end.clone()).await;
        let expected = match error {
            None => "done".to_owned(),
            Some(error) => format!("failed: {error}"),
        };
        assert_eq!(
            lines(&outcome),
            [
                format!("account/SA-001 {expected}"),
                format!("account/SA-003 {expected}")
            ]
        );
        assert_eq!(world.tenant.count("import_accounts"), 1);
        let notices = outcome.notices;
        if end == ImportEnd::WarningAllDone {
            assert_eq!(
                notices,
                [
                    "account/SA-001: all rows are as sent, although the import ended with a warning: a row was odd"
                ]
            );
        } else {
            assert_eq!(notices, Vec::<String>::new());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_row_that_comes_back_otherwise_is_found_out() {
    let table: [(&str, &str); 2] = [
        ("SA-003", "SA-003 differs from what was sent"),
        (
            "SA-002",
            "SA-002 has changed although its row was sent unchanged",
        ),
    ];
    for (id, complaint) in table {
        let world = world();
        world.tenant.on("accounts", Fault::Pass);
        world.tenant.on(
            "accounts",
            Fault::meanwhile(move |state| {
                let accounts = &mut state.source("src").accounts;
                let account = accounts
                    .iter_mut()
                    .find(|account| account.native_identity.as_str() == id);
                account
                    .unwrap()
                    .cells
                    .insert("name".into(), "cut".to_owned());
            }),
        );
        let error = failure(&world.apply(&plan(vec![new("SA-003")])).await);
        assert!(
            error.ends_with(&format!("after the import {complaint}")),
            "{error}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_aggregation_that_runs_is_waited_for() {
    let world = world();
    world
        .tenant
        .state()
        .source("src")
        .running
        .push(Instant::now() + Duration::from_mins(3));
    let began = Instant::now();
    assert!(world.apply(&plan(vec![new("SA-003")])).await.all_done());
    assert!(began.elapsed() >= Duration::from_mins(3));
    let waited = world.events.all().into_iter().any(|event| {
        matches!(event, Event::Waiting { on, .. } if on == "another aggregation (task task-of-others) is running")
    });
    assert!(waited);
}

#[tokio::test(start_paused = true)]
async fn patience_has_an_end() {
    let world = world();
    world
        .tenant
        .state()
        .source("src")
        .running
        .push(Instant::now() + Duration::from_hours(1));
    let began = Instant::now();
    let outcome = world.apply(&plan(vec![new("SA-003")])).await;
    assert_eq!(
        failure(&outcome),
        "timed out after 900 s: another aggregation (task task-of-others) is running"
    );
    assert!(began.elapsed() <= Duration::from_mins(15));
    assert_eq!(world.tenant.writes(), Vec::<String>::new());

    let world = self::world();
    world.tenant.state().task_time = Duration::from_hours(1);
    let outcome = world.apply(&plan(vec![new("SA-003")])).await;
    assert_eq!(
        failure(&outcome),
        "timed out after 900 s: import task task-0 is running"
    );
    let StepResult::SentNotVerified { help, .. } = &outcome.steps[0].result else {
        panic!("{outcome:?}");
    };
    assert!(help.as_ref().unwrap().contains("--wait"));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_where_not_all_accounts_can_be_read() {
    let world = world();
    world.tenant.state().source("src").partial = true;
    let error = failure(&world.apply(&plan(vec![new("SA-003")])).await);
    assert_eq!(
        error,
        "the import was not sent: cannot read all of the accounts of \"Service Accounts\" (a page had too few rows: page 2)"
    );
    assert_eq!(world.tenant.writes(), Vec::<String>::new());

    // Afterwards it is another matter: it was sent.
    let world = self::world();
    world.tenant.on("accounts", Fault::Pass);
    world.tenant.on(
        "accounts",
        Fault::meanwhile(|state| state.source("src").partial = true),
    );
    let error = failure(&world.apply(&plan(vec![new("SA-003")])).await);
    assert_eq!(
        error,
        "cannot read all of the accounts of \"Service Accounts\" (a page had too few rows: page 2)"
    );
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_that_would_lose_a_cell() {
    let world = world();
    world
        .tenant
        .state()
        .source("src")
        .schema
        .as_mut()
        .unwrap()
        .attributes
        .pop();
    let error = failure(&world.apply(&plan(vec![new("SA-003")])).await);
    assert!(
        error.starts_with("the import was not sent: account SA-001 has a value for \"team\""),
        "{error}"
    );
    assert_eq!(world.tenant.writes(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_lost_is_made_up_for_by_looking() {
    // It took effect.
    let world = world();
    world.tenant.on("import_accounts", Fault::After(unknown()));
    let outcome = world.apply(&plan(vec![new("SA-003")])).await;
    assert!(outcome.all_done(), "{:?}", lines(&outcome));
    assert_eq!(world.tenant.count("import_accounts"), 1);
    assert!(outcome.notices[0].contains("all rows are as sent, although import_accounts"));

    // It did not.
    let world = self::world();
    world.tenant.on("import_accounts", Fault::Before(unknown()));
    let error = failure(&world.apply(&plan(vec![new("SA-003")])).await);
    assert!(
        error.contains(
            "after the import SA-003 does not exist; import_accounts src: the connection ended"
        ),
        "{error}"
    );
    assert_eq!(world.tenant.count("import_accounts"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_refused_import_fails() {
    for kind in every_refusal() {
        let world = world();
        world
            .tenant
            .on("import_accounts", Fault::Before(kind.clone()));
        let error = failure(&world.apply(&plan(vec![new("SA-003")])).await);
        assert_eq!(error, format!("import_accounts src: {kind}"));
        assert_eq!(world.tenant.count("import_accounts"), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn sources_are_imported_side_by_side() {
    let world = world();
    {
        let mut state = world.tenant.state();
        state.add_source(Source::new("src2", "Robots", &["id", "name"]));
        state.task_time = Duration::from_mins(1);
    }
    let mut other = upsert(model::Ref::Known("src2".into()), "R-1", &[("name", "r")]);
    if let model::Operation::ImportRow { source_name, .. } = &mut other.operation {
        *source_name = "Robots".into();
    }
    let began = Instant::now();
    assert!(
        world
            .apply(&plan(vec![new("SA-003"), other]))
            .await
            .all_done()
    );
    assert!(
        began.elapsed() < Duration::from_secs(70),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(world.tenant.count("import_accounts"), 2);
}
