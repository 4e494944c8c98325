//! "Apply Changes", and the identities that come of it.

use crate::fake::{Fault, Source, every_refusal};
use crate::plans::{
    SOURCE, With, invite, known_source, no_mappings, of_account, of_account_named, plan,
    set_levels, step,
};
use crate::world::{World, failure, lines};
use model::{
    Event, ExpectedIdentity, IdentityStatus, LiveMapping, LiveProfile, Operation, Plan, Ref,
    StepResult,
};
use std::time::Duration;
use tokio::time::Instant;

/// A source with two accounts without identities, and a profile.
fn world(due: bool) -> World {
    let world = World::new();
    let mut source = Source::new("src", SOURCE, &["id", "name"]);
    source.add(&[("id", "SA-001"), ("name", "amy")]);
    source.add(&[("id", "SA-002"), ("name", "bob")]);
    source.profile = Some(LiveProfile {
        id: "profile".into(),
        name: "Robots".to_owned(),
        owner: None,
        authoritative_source: "src".into(),
        enabled: true,
        mappings: [].into(),
        refresh_required: due,
        identity_count: None,
    });
    world.tenant.state().add_source(source);
    world
}

fn expected(id: &str, name: &str, by_name: bool) -> ExpectedIdentity {
    ExpectedIdentity {
        account: id.into(),
        native_identity: id.into(),
        name: name.into(),
        alias: by_name.then(|| name.to_owned()),
        user_name: Some(name.to_owned()),
        judged: true,
        follows: None,
    }
}

fn processing(expect: Vec<ExpectedIdentity>) -> Plan {
    let operation = Operation::ProcessIdentities {
        source: known_source(),
        profile: Ref::Known("profile".into()),
        expect,
        renames: [].into(),
    };
    let step = step(&format!("processing/{SOURCE}"), operation);
    plan(vec![step.against(no_mappings())])
}

fn both() -> Vec<ExpectedIdentity> {
    vec![
        expected("SA-001", "amy", false),
        expected("SA-002", "bob", false),
    ]
}

#[tokio::test(start_paused = true)]
async fn it_is_set_going_once_and_waited_for() {
    let world = world(true);
    world.tenant.state().identities_after = Some(Duration::from_mins(2));
    let began = Instant::now();
    let mut plan = processing(both());
    plan.steps
        .push(invite(of_account("SA-002")).after(&["processing/Service Accounts"]));
    assert!(world.apply(&plan).await.all_done());
    assert!(began.elapsed() >= Duration::from_mins(2));
    assert!(
        began.elapsed() < Duration::from_secs(126),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(
        world.tenant.writes(),
        ["process_identities profile", "invite identity-SA-002"]
    );
    let waiting: Vec<String> = world
        .events
        .all()
        .into_iter()
        .filter_map(|event| match event {
            Event::Waiting { on, .. } => Some(on),
            _ => None,
        })
        .collect();
    assert_eq!(waiting[0], "no identity yet for amy, bob");
}

#[tokio::test(start_paused = true)]
async fn it_is_not_set_going_where_it_is_not_due() {
    let world = world(false);
    world.tenant.state().source("src").identities_at = Some(Instant::now());
    assert!(world.apply(&processing(both())).await.all_done());
    assert_eq!(world.tenant.writes(), Vec::<String>::new());
    // With nothing to expect the accounts are not even read.
    assert!(world.apply(&processing(Vec::new())).await.all_done());
    assert_eq!(world.tenant.count("accounts"), 1);
}

#[tokio::test(start_paused = true)]
async fn it_is_set_going_when_it_becomes_due_later() {
    let world = world(false);
    world.tenant.state().identities_after = Some(Duration::ZERO);
    for _ in 0..5 {
        world.tenant.on("profile_of", Fault::Pass);
    }
    world.tenant.on(
        "profile_of",
        Fault::meanwhile(|state| {
            state
                .source("src")
                .profile
                .as_mut()
                .unwrap()
                .refresh_required = true;
        }),
    );
    assert!(world.apply(&processing(both())).await.all_done());
    assert_eq!(world.tenant.count("process_identities"), 1);
}

/// ISC made the identity of the row from before the import, and comes to the new values only
/// after a while.
#[tokio::test(start_paused = true)]
async fn an_identity_with_the_names_of_the_row_from_before_is_waited_for() {
    for comes in [true, false] {
        let world = world(false);
        {
            let mut state = world.tenant.state();
            state.add_identity("amy", IdentityStatus::Unregistered, &[]);
            state.identities.get_mut("amy").unwrap().email = Some("old@example.com".to_owned());
            state.source("src").accounts[0].identity = Some("amy".into());
        }
        for _ in 0..5 {
            world.tenant.on("identities", Fault::Pass);
        }
        if comes {
            world.tenant.on(
                "identities",
                Fault::meanwhile(|state| {
                    let identity = state.identities.get_mut("amy").unwrap();
                    identity.email = Some("New@example.com".to_owned());
                }),
            );
        }
        let began = Instant::now();
        let plan = processing(vec![ExpectedIdentity {
            follows: Some(model::IdentityNames {
                alias: Some("amy".to_owned()),
                email: Some("new@example.com".to_owned()),
            }),
            ..expected("SA-001", "amy", false)
        }]);
        // Where it never comes, the steps after it say whose identity it is.
        assert!(world.apply(&plan).await.all_done(), "{comes}");
        assert_eq!(began.elapsed() < Duration::from_mins(1), comes);
        let waited = world.events.all().into_iter().any(|event| {
            matches!(event, Event::Waiting { on, .. }
                if on == "identity with the values from before the import: amy")
        });
        assert!(waited, "{comes}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_still_missing_in_the_end_is_named() {
    let world = world(true);
    world.tenant.state().identities_after = None;
    world.tenant.state().source("src").accounts[0].identity = Some("amy".into());
    let began = Instant::now();
    let outcome = world.apply(&processing(both())).await;
    assert_eq!(
        failure(&outcome),
        "timed out after 900 s: no identity yet for bob"
    );
    assert!(began.elapsed() <= Duration::from_mins(15));
    let StepResult::Failed {
        help: Some(help), ..
    } = &outcome.steps[0].result
    else {
        panic!("{:?}", lines(&outcome));
    };
    assert!(help.contains("exceptions"), "{help}");

    // Somebody else has the user name.
    let (outcome, help) = {
        let world = self::world(true);
        {
            let mut state = world.tenant.state();
            state.identities_after = None;
            state.source("src").accounts[0].identity = Some("amy".into());
            state.add_identity("bob", IdentityStatus::Active, &[]);
        }
        let outcome = world.apply(&processing(both())).await;
        let help = match &outcome.steps[0].result {
            StepResult::Failed { help, .. } => help.clone().unwrap(),
            other => panic!("{other:?}"),
        };
        (outcome, help)
    };
    let error = failure(&outcome);
    assert!(
        error.contains("has the user name bob that bob would get"),
        "{error}"
    );
    assert!(help.contains("give SA-002 another name"), "{help}");

    // All have one, and the profile never comes to an end.
    let world = self::world(true);
    world.tenant.state().source("src").accounts.clear();
    let outcome = world.apply(&processing(Vec::new())).await;
    assert_eq!(
        failure(&outcome),
        "timed out after 900 s: the identity profile has changes that are not applied yet"
    );
    assert_eq!(world.tenant.count("process_identities"), 1);
}

#[tokio::test(start_paused = true)]
async fn accounts_that_cannot_all_be_read_are_waited_for_and_not_taken_for_absent() {
    let world = world(false);
    {
        let mut state = world.tenant.state();
        state.source("src").partial = true;
        state.source("src").accounts.remove(1);
        state.source("src").identities_at = Some(Instant::now());
    }
    world.tenant.on("accounts", Fault::Pass);
    world.tenant.on(
        "accounts",
        Fault::meanwhile(|state| {
            state
                .source("src")
                .add(&[("id", "SA-002"), ("name", "bob")]);
        }),
    );
    assert!(world.apply(&processing(both())).await.all_done());
}

#[tokio::test(start_paused = true)]
async fn an_identity_from_before_a_change_of_name_is_not_taken_for_the_new_one() {
    let world = world(false);
    {
        let mut state = world.tenant.state();
        state.add_identity("old", IdentityStatus::Active, &[]);
        state.add_identity("amy", IdentityStatus::Unregistered, &[]);
        state.source("src").accounts[0].identity = Some("old".into());
    }
    for _ in 0..3 {
        world.tenant.on("accounts", Fault::Pass);
    }
    world.tenant.on(
        "accounts",
        Fault::meanwhile(|state| state.source("src").accounts[0].identity = Some("amy".into())),
    );
    let mut plan = processing(vec![expected("SA-001", "amy", true)]);
    plan.steps
        .push(invite(of_account_named("SA-001", "amy")).after(&["processing/Service Accounts"]));
    assert!(world.apply(&plan).await.all_done());
    assert_eq!(world.tenant.writes(), ["invite amy"]);
}

#[tokio::test(start_paused = true)]
async fn failures_are_told() {
    for call in ["profile_of", "process_identities", "accounts"] {
        for kind in every_refusal() {
            let world = world(true);
            world.tenant.on(call, Fault::Before(kind.clone()));
            let error = failure(&world.apply(&processing(both())).await);
            assert!(
                error.starts_with(call) && error.ends_with(&kind.to_string()),
                "{error}"
            );
        }
    }
    let world = world(true);
    world.tenant.state().source("src").profile = None;
    assert_eq!(
        failure(&world.apply(&processing(both())).await),
        "processing/Service Accounts: the source has no identity profile"
    );
}

/// Processing would apply what somebody else has changed since the plan was made.
#[tokio::test(start_paused = true)]
async fn other_mappings_than_planned_are_not_processed() {
    type Change = fn(&mut LiveProfile);
    let cases: [(&str, Change, bool); 4] = [
        ("as planned", |_| {}, true),
        (
            "renamed",
            |profile| profile.name = "Others".to_owned(),
            true,
        ),
        ("disabled", |profile| profile.enabled = false, false),
        (
            "another user name",
            |profile| {
                let mapping = LiveMapping::Other("upper".to_owned());
                profile.mappings.insert("uid".into(), mapping);
            },
            false,
        ),
    ];
    for (name, change, goes_on) in cases {
        let world = world(true);
        world.tenant.state().identities_after = Some(Duration::ZERO);
        change(world.tenant.state().source("src").profile.as_mut().unwrap());
        let mut plan = processing(both());
        plan.steps
            .push(invite(of_account("SA-002")).after(&["processing/Service Accounts"]));
        let outcome = world.apply(&plan).await;
        assert_eq!(outcome.all_done(), goes_on, "{name}: {:?}", lines(&outcome));
        if !goes_on {
            let all = lines(&outcome).join("\n");
            assert!(all.contains("has changed since the plan was made"), "{all}");
            assert_eq!(world.tenant.writes(), Vec::<String>::new(), "{name}");
        }
    }
}

/// ISC gave a new account the identity of the same name that was there before it.
#[tokio::test(start_paused = true)]
async fn an_older_identity_is_neither_invited_nor_given_levels() {
    let row: jiff::Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
    for (hours, goes_on) in [(None, true), (Some(0), true), (Some(48), false)] {
        let world = world(false);
        {
            let mut state = world.tenant.state();
            state.add_identity("amy", IdentityStatus::Unregistered, &[]);
            let created = hours.map(|hours| row - jiff::SignedDuration::from_hours(hours));
            state.identities.get_mut("amy").unwrap().created = created;
            let account = &mut state.source("src").accounts[0];
            account.identity = Some("amy".into());
            account.created = Some(row);
        }
        let mut plan = processing(vec![expected("SA-001", "amy", false)]);
        let target = || of_account_named("SA-001", "amy");
        let first = ["processing/Service Accounts"];
        plan.steps.push(invite(target()).after(&first));
        plan.steps
            .push(set_levels("levels/SA-001", target(), &["HELPDESK"]).after(&first));
        let outcome = world.apply(&plan).await;
        assert_eq!(outcome.all_done(), goes_on, "{hours:?}: {outcome:?}");
        let writes = if goes_on { 2 } else { 0 };
        assert_eq!(world.tenant.writes().len(), writes, "{hours:?}");
    }
}

/// ISC gave the new account the identity of a person of the same name.
#[tokio::test(start_paused = true)]
async fn tenants_02_a_person_is_neither_invited_nor_given_levels() {
    for (found, is_own) in [("amy", true), ("AMY", true), ("jane.doe", false)] {
        let world = world(false);
        {
            let mut state = world.tenant.state();
            state.add_identity(found, IdentityStatus::Unregistered, &[]);
            state.source("src").accounts[0].identity = Some(found.into());
        }
        let mut plan = processing(vec![expected("SA-001", "amy", false)]);
        let target = || of_account_named("SA-001", "amy");
        let first = ["processing/Service Accounts"];
        plan.steps.push(invite(target()).after(&first));
        plan.steps
            .push(set_levels("levels/SA-001", target(), &["HELPDESK"]).after(&first));
        let outcome = world.apply(&plan).await;
        assert_eq!(outcome.all_done(), is_own, "{found}: {outcome:?}");
        assert_eq!(
            world.tenant.writes().len(),
            if is_own { 2 } else { 0 },
            "{found}"
        );
    }
}
