//! Writes that are refused for now are made anew of another reading, and never sent again
//! as they were: what others have changed meanwhile is neither deleted nor overwritten.

use crate::fake::{Fault, Source, State, busy, schema};
use crate::plans::{SOURCE, With, define_schema, delete, known, known_source, plan, set_levels};
use crate::plans::{step, upsert};
use crate::world::{World, failure, lines};
use model::{
    AccountAttribute, Fingerprint, IdentityStatus, ImportBasis, ImportMappings, ImportSchema,
    LiveMapping, LiveProfile, Operation, RaisedThreshold, SourceChange, Step, UserLevel,
};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

fn world() -> World {
    let world = World::new();
    let mut source = Source::new("src", SOURCE, &["id", "name"]);
    source.settings.delete_threshold = Some(10);
    source.add(&[("id", "SA-001"), ("name", "amy")]);
    source.profile = Some(LiveProfile {
        id: "profile".into(),
        name: "Robots".to_owned(),
        owner: Some("jane".into()),
        authoritative_source: "src".into(),
        enabled: true,
        mappings: [("manager".into(), LiveMapping::Other("rule".to_owned()))].into(),
        refresh_required: false,
        identity_count: None,
    });
    let mut state = world.tenant.state();
    state.add_source(source);
    state.add_identity("audit01", IdentityStatus::Active, &["HELPDESK"]);
    drop(state);
    world
}

fn row() -> Step {
    upsert(known_source(), "SA-002", &[("name", "new")])
}

fn with_basis(mut step: Step, with: ImportBasis) -> Step {
    if let Operation::ImportRow { basis, .. } = &mut step.operation {
        *basis = Arc::new(with);
    }
    step
}

fn add_by_hand(state: &mut State) {
    let source = state.source("src");
    if source.account("SA-050").is_none() {
        source.add(&[("id", "SA-050"), ("name", "zoe")]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_that_is_added_while_an_import_waits_is_not_deleted() {
    for raised in [None, Some(RaisedThreshold { to: 40, back: 10 })] {
        let world = world();
        world.tenant.on("import_accounts", Fault::Before(busy()));
        world.tenant.on("accounts", Fault::Pass);
        world.tenant.on("accounts", Fault::meanwhile(add_by_hand));
        let basis = ImportBasis {
            threshold: Some(10),
            raised,
            ..ImportBasis::default()
        };
        let outcome = world.apply(&plan(vec![with_basis(row(), basis)])).await;
        assert!(outcome.all_done(), "{:?}", lines(&outcome));
        let mut state = world.tenant.state();
        assert_eq!(state.sent.len(), 1);
        assert!(state.sent[0].contains("SA-050,zoe"), "{:?}", state.sent);
        let threshold = state.source("src").settings.effective_delete_threshold();
        assert_eq!(threshold, 10);
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_that_is_added_while_settings_are_read_slowly_is_not_deleted() {
    let world = world();
    world
        .tenant
        .on("source_named", Fault::Slow(Duration::from_mins(1)));
    world.tenant.on("accounts", Fault::Pass);
    world.tenant.on("accounts", Fault::meanwhile(add_by_hand));
    let outcome = world.apply(&plan(vec![row()])).await;
    assert!(outcome.all_done(), "{:?}", lines(&outcome));
    assert!(world.tenant.state().sent[0].contains("SA-050,zoe"));
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_shorter_than_the_profile_has_identities_is_read_twice() {
    for (hidden, identities) in [(true, 2), (false, 2), (false, 1)] {
        let world = world();
        let mappings = {
            let mut state = world.tenant.state();
            let source = state.source("src");
            for account in &mut source.accounts {
                account.identity = Some("audit01".into());
            }
            let profile = source.profile.as_mut().unwrap();
            profile.identity_count = Some(identities);
            profile.mappings_fingerprint()
        };
        if hidden {
            // It was added before, and the first list lacks it.
            world.tenant.on("accounts", Fault::Pass);
            world.tenant.on("accounts", Fault::meanwhile(add_by_hand));
        }
        let basis = ImportBasis {
            mappings: ImportMappings::OneOf(vec![mappings]),
            ..ImportBasis::default()
        };
        let outcome = world.apply(&plan(vec![with_basis(row(), basis)])).await;
        assert!(outcome.all_done(), "{:?}", lines(&outcome));
        let csv = world.tenant.state().sent[0].clone();
        assert_eq!(csv.contains("SA-050"), hidden, "{csv}");
        // Before the import, where there is doubt once more, and after it.
        let lists = if identities == 2 { 3 } else { 2 };
        assert_eq!(world.tenant.count("accounts"), lists);
    }
}

#[tokio::test(start_paused = true)]
async fn a_tenant_that_stays_busy_is_asked_five_times() {
    let world = world();
    world.tenant.always("import_accounts", busy());
    let outcome = world.apply(&plan(vec![row()])).await;
    assert_eq!(
        failure(&outcome),
        "import_accounts src: no success after 5 attempts (429): slow down"
    );
    assert_eq!(world.tenant.count("import_accounts"), 5);
    assert_eq!(world.tenant.count("accounts"), 5);
}

#[tokio::test(start_paused = true)]
async fn an_import_that_deleted_more_than_the_plan_has_failed() {
    for (deletions, plan_deletes, fails) in [
        (None, false, false),
        (Some(0), false, false),
        (Some(1), false, true),
        (Some(1), true, false),
        (Some(2), true, true),
    ] {
        let world = world();
        let observed = world
            .tenant
            .state()
            .source("src")
            .account("SA-001")
            .cloned();
        let gone = delete("SA-001").against(observed.unwrap().fingerprint());
        world.tenant.state().deletions = deletions;
        let steps = if plan_deletes {
            vec![row(), gone]
        } else {
            vec![row()]
        };
        let outcome = world.apply(&plan(steps)).await;
        assert_eq!(!outcome.all_done(), fails, "{deletions:?}");
        let told = lines(&outcome).join("\n");
        assert_eq!(told.contains("add them again"), fails, "{told}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_import_is_sent_only_under_the_schema_that_it_was_planned_for() {
    type Change = fn(&mut Source);
    let table: [(&str, bool, Change); 4] = [
        ("nothing", true, |_| {}),
        ("a description", true, |source| {
            source.schema.as_mut().unwrap().attributes[0].description = Some("x".to_owned());
        }),
        ("the account ID", false, |source| {
            source.schema.as_mut().unwrap().identity_attribute = Some("name".into());
        }),
        ("an attribute", false, |source| {
            source.schema = Some(schema(&["id", "name", "team"]));
        }),
    ];
    for (what, is_sent, change) in table {
        let world = world();
        let observed = world.tenant.state().source("src").schema.clone().unwrap();
        let basis = ImportBasis {
            schema: ImportSchema {
                seen: Some(observed.import_fingerprint()),
                defined: None,
            },
            ..ImportBasis::default()
        };
        world.tenant.on(
            "account_schema",
            Fault::meanwhile(move |state| change(state.source("src"))),
        );
        let outcome = world.apply(&plan(vec![with_basis(row(), basis)])).await;
        assert_eq!(outcome.all_done(), is_sent, "{what}: {outcome:?}");
        assert_eq!(
            world.tenant.state().sent.len(),
            usize::from(is_sent),
            "{what}"
        );
    }
    // The attributes that a step of the plan has written.
    for (defined, is_sent) in [(vec!["id", "name"], true), (vec!["id"], false)] {
        let defined: BTreeSet<AccountAttribute> = defined.into_iter().map(Into::into).collect();
        let basis = ImportBasis {
            schema: ImportSchema {
                seen: None,
                defined: Some(defined),
            },
            ..ImportBasis::default()
        };
        let outcome = world().apply(&plan(vec![with_basis(row(), basis)])).await;
        assert_eq!(outcome.all_done(), is_sent);
    }
}

fn new_mapping() -> Operation {
    Operation::UpdateProfile {
        profile: "profile".into(),
        name: Some("Machines".to_owned()),
        owner: None,
        enable: false,
        mappings: [("uid".into(), "name".into())].into(),
        source: "src".into(),
        source_name: SOURCE.into(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_of_others_made_while_a_write_waits_is_not_overwritten() {
    type Change = fn(&mut State);
    type Make = fn(&World) -> Step;
    let table: [(&str, &str, Make, Change); 4] = [
        (
            "set_user_levels",
            "user_levels",
            |_| {
                let held: BTreeSet<UserLevel> = ["HELPDESK".into()].into();
                set_levels("levels/SA-001", known("audit01"), &["REPORT_ADMIN"])
                    .against(Fingerprint::of(&held))
            },
            |state| {
                let levels = state.levels.get_mut("audit01").unwrap();
                levels.insert("CERT_ADMIN".into());
            },
        ),
        (
            "update_profile",
            "profile_of",
            |world| {
                let profile = world.tenant.state().source("src").profile.clone();
                step("profile/Service Accounts", new_mapping())
                    .against(profile.unwrap().fingerprint())
            },
            |state| {
                let profile = state.source("src").profile.as_mut().unwrap();
                let mapping = LiveMapping::Other("rule".to_owned());
                profile.mappings.insert("department".into(), mapping);
            },
        ),
        (
            "update_source",
            "source_named",
            |world| {
                let observed = world.tenant.state().source("src").settings.clone();
                let operation = Operation::UpdateSource {
                    source: "src".into(),
                    changes: vec![SourceChange::DeleteThreshold(20)],
                };
                step("source/Service Accounts", operation).against(observed.fingerprint())
            },
            |state| state.source("src").settings.delete_threshold = Some(5),
        ),
        (
            "define_schema",
            "account_schema",
            |world| {
                let observed = world.tenant.state().source("src").schema.clone();
                define_schema(known_source(), &["id", "name", "team"])
                    .against(observed.unwrap().fingerprint())
            },
            |state| state.source("src").schema = Some(schema(&["id", "name", "mine"])),
        ),
    ];
    for (write, read, make, change) in table {
        // Nobody changes anything.
        let world = world();
        let refused = plan(vec![make(&world)]);
        world.tenant.on(write, Fault::Before(busy()));
        let outcome = world.apply(&refused).await;
        assert!(outcome.all_done(), "{write}: {outcome:?}");
        assert_eq!(world.tenant.count(write), 2, "{write}");

        // It had its effect although it failed.
        let world = self::world();
        let done = plan(vec![make(&world)]);
        world.tenant.on(write, Fault::After(busy()));
        let outcome = world.apply(&done).await;
        assert!(outcome.all_done(), "{write}: {outcome:?}");
        assert_eq!(world.tenant.count(write), 1, "{write}");

        // Somebody changes it meanwhile.
        let world = self::world();
        let overtaken = plan(vec![make(&world)]);
        world.tenant.on(write, Fault::Before(busy()));
        world.tenant.on(read, Fault::Pass);
        world.tenant.on(read, Fault::meanwhile(change));
        let outcome = world.apply(&overtaken).await;
        let complaint = failure(&outcome);
        assert!(
            complaint.ends_with("has changed since the plan was made"),
            "{complaint}"
        );
        assert_eq!(world.tenant.count(write), 1, "{write}");
    }
}
