//! Identity profiles: made once, and changed only as they were.

use crate::fake::{Fault, Source, State, every_refusal, unknown};
use crate::plans::{SOURCE, With, create_profile, known_source, plan, step};
use crate::world::{World, failure, is_stale, lines};
use model::{LiveMapping, LiveProfile, Operation, Plan};

fn world() -> World {
    let world = World::new();
    world
        .tenant
        .state()
        .add_source(Source::new("src", SOURCE, &["id", "name"]));
    world
}

/// The profile as it is to be made.
fn there() -> LiveProfile {
    let from_name = LiveMapping::Account {
        source: "src".into(),
        attribute: "name".into(),
    };
    LiveProfile {
        id: "profile".into(),
        name: "Robots".to_owned(),
        owner: Some("jane".into()),
        authoritative_source: "src".into(),
        enabled: true,
        mappings: [
            ("uid".into(), from_name),
            ("manager".into(), LiveMapping::Other("rule".to_owned())),
        ]
        .into(),
        refresh_required: false,
        identity_count: None,
    }
}

fn put(profile: LiveProfile) -> impl FnOnce(&mut State) + Send {
    move |state| state.source("src").profile = Some(profile)
}

fn creating() -> Plan {
    plan(vec![create_profile(known_source())])
}

#[tokio::test]
async fn a_profile_that_has_come_to_be_is_not_touched() {
    let world = world();
    put(there())(&mut world.tenant.state());
    is_stale(&world, &world.apply(&creating()).await);
}

#[tokio::test]
async fn a_create_whose_answer_was_lost_is_taken_for_done_where_it_is_as_wanted() {
    let world = world();
    world.tenant.on("create_profile", Fault::After(unknown()));
    assert_eq!(
        lines(&world.apply(&creating()).await),
        ["profile/Service Accounts done"]
    );
    assert_eq!(world.tenant.count("create_profile"), 1);
}

#[tokio::test]
async fn a_create_whose_answer_was_lost_fails_where_nothing_or_something_else_is_there() {
    type Change = fn(&mut LiveProfile);
    let changes: [(&str, Option<Change>); 5] = [
        ("nothing", None),
        ("another name", Some(|profile| profile.name.push('s'))),
        ("another owner", Some(|profile| profile.owner = None)),
        ("switched off", Some(|profile| profile.enabled = false)),
        ("not mapped", Some(|profile| profile.mappings.clear())),
    ];
    for (what, change) in changes {
        let world = world();
        world.tenant.on("create_profile", Fault::Before(unknown()));
        if let Some(change) = change {
            let mut other = there();
            change(&mut other);
            world.tenant.on("profile_of", Fault::Pass);
            world.tenant.on("profile_of", Fault::meanwhile(put(other)));
        }
        let error = failure(&world.apply(&creating()).await);
        assert!(
            error.contains("whether it took effect is not known"),
            "{what}: {error}"
        );
        assert_eq!(world.tenant.count("create_profile"), 1, "{what}");
        assert_eq!(world.journal_text(), "", "{what}");
    }
}

#[tokio::test]
async fn a_refused_create_fails() {
    for kind in every_refusal() {
        let world = world();
        world
            .tenant
            .on("create_profile", Fault::Before(kind.clone()));
        let error = failure(&world.apply(&creating()).await);
        assert_eq!(error, format!("create_profile Robots: {kind}"));
        assert_eq!(world.tenant.count("create_profile"), 1);
    }
}

#[tokio::test]
async fn a_profile_that_was_made_otherwise_is_found_out() {
    let world = world();
    world.tenant.on("profile_of", Fault::Pass);
    world.tenant.on(
        "profile_of",
        Fault::meanwhile(|state| {
            state
                .source("src")
                .profile
                .as_mut()
                .unwrap()
                .mappings
                .clear();
        }),
    );
    let error = failure(&world.apply(&creating()).await);
    assert_eq!(
        error,
        "profile/Service Accounts: uid is not mapped from name"
    );
}

/// Changes name, owner and a mapping of the profile, and switches it on.
fn changing(planned: &LiveProfile) -> Plan {
    let operation = Operation::UpdateProfile {
        profile: "profile".into(),
        name: Some("Machines".to_owned()),
        owner: Some("john".into()),
        enable: true,
        mappings: [("lastname".into(), "name".into())].into(),
        source: "src".into(),
        source_name: SOURCE.into(),
    };
    let step = step(&format!("profile/{SOURCE}"), operation);
    plan(vec![step.against(planned.fingerprint())])
}

#[tokio::test]
async fn a_profile_is_changed_only_as_it_was_planned_against() {
    let world = world();
    is_stale(&world, &world.apply(&changing(&there())).await);
    put(there())(&mut world.tenant.state());
    let mut planned = there();
    planned.enabled = false;
    is_stale(&world, &world.apply(&changing(&planned)).await);

    assert_eq!(
        lines(&world.apply(&changing(&there())).await),
        ["profile/Service Accounts done"]
    );
    let mut state = world.tenant.state();
    let profile = state.source("src").profile.clone().unwrap();
    assert_eq!(profile.name, "Machines");
    assert_eq!(profile.mappings.len(), 3, "other mappings stay");
}

#[tokio::test]
async fn a_change_that_is_taken_and_not_made_is_found_out() {
    type Change = fn(&mut LiveProfile);
    let changes: [(&str, Change); 4] = [
        (
            "ISC accepted its new name without an error, but did not change it",
            |profile| {
                "Robots".clone_into(&mut profile.name);
            },
        ),
        (
            "ISC accepted its new owner without an error, but did not change it",
            |profile| {
                profile.owner = None;
            },
        ),
        ("its mappings are disabled", |profile| {
            profile.enabled = false;
        }),
        ("lastname is not mapped from name", |profile| {
            profile.mappings.remove("lastname");
        }),
    ];
    for (complaint, change) in changes {
        let world = world();
        put(there())(&mut world.tenant.state());
        world.tenant.on("profile_of", Fault::Pass);
        world.tenant.on(
            "profile_of",
            Fault::meanwhile(move |state| change(state.source("src").profile.as_mut().unwrap())),
        );
        let error = failure(&world.apply(&changing(&there())).await);
        assert_eq!(error, format!("profile/Service Accounts: {complaint}"));
    }
}
