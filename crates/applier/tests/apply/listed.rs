//! What an import rests on: the accounts of the plan, and a raised delete threshold.

use crate::fake::{Fault, Source, every_refusal, unknown};
use crate::plans::{
    SOURCE, With, invite, known_source, no_mappings, plan, set_levels, step, upsert,
};
use crate::world::{TENANT, World, failure, lines, only};
use applier::{Journal, RaiseIntent};
use camino::Utf8PathBuf;
use model::{
    Address, ExpectedIdentity, IdentityStatus, IdentityTarget, ImportBasis, LiveProfile, Operation,
    OwnIdentity, RaisedThreshold, Ref, Step, StepResult,
};
use std::sync::Arc;

/// A source with this many accounts.
fn world(accounts: usize) -> World {
    let world = World::new();
    let mut source = Source::new("src", SOURCE, &["id", "name"]);
    source.settings.delete_threshold = Some(10);
    for number in 0..accounts {
        source.add(&[("id", &format!("SA-{number:03}")), ("name", "amy")]);
    }
    world.tenant.state().add_source(source);
    world
}

/// A row that rests on this many accounts, and on a raised threshold.
fn resting(mut step: Step, on: usize, raised: Option<RaisedThreshold>) -> Step {
    if let Operation::ImportRow { basis, .. } = &mut step.operation {
        *basis = Arc::new(ImportBasis {
            accounts: (0..on)
                .map(|number| format!("SA-{number:03}").into())
                .collect(),
            raised,
            ..ImportBasis::default()
        });
    }
    step
}

fn new() -> Step {
    upsert(known_source(), "new", &[("name", "zoe")])
}

fn threshold(world: &World) -> i64 {
    world
        .tenant
        .state()
        .source("src")
        .settings
        .effective_delete_threshold()
}

fn raised_in_journal(world: &World) -> usize {
    let path = Utf8PathBuf::from_path_buf(world.path("journal.jsonl")).unwrap();
    Journal::peek(&path, TENANT).unwrap().raised.len()
}

#[tokio::test(start_paused = true)]
async fn an_account_of_the_plan_that_is_not_listed_any_more_stops_the_import() {
    let all = |from: usize| (from..15).map(|number| format!("SA-{number:03}"));
    for (listed, missing) in [
        (15, None),
        (14, Some("now 1 of them are not listed (SA-014)".to_owned())),
        (
            5,
            Some(format!("({})", all(5).collect::<Vec<_>>().join(", "))),
        ),
        (
            4,
            Some(format!(
                "({}, and 1 more)",
                all(4).take(10).collect::<Vec<_>>().join(", ")
            )),
        ),
    ] {
        let world = world(listed);
        let outcome = world.apply(&plan(vec![resting(new(), 15, None)])).await;
        match missing {
            None => assert!(outcome.all_done(), "{:?}", lines(&outcome)),
            Some(missing) => {
                let error = failure(&outcome);
                assert!(error.contains(&missing), "{error}");
                assert_eq!(world.tenant.writes(), [""; 0]);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn tenants_10_a_threshold_is_raised_and_back_again_however_the_import_ends() {
    let raised = Some(RaisedThreshold { to: 50, back: 10 });
    for fails in [false, true] {
        let world = world(2);
        if fails {
            world
                .tenant
                .always("import_accounts", every_refusal().remove(0));
        }
        let step = resting(new(), 2, raised);
        let outcome = world.apply(&plan(vec![step])).await;
        assert_eq!(matches!(only(&outcome), StepResult::Done { .. }), !fails);
        let updates = world.tenant.count("update_source");
        assert_eq!((threshold(&world), updates), (10, 2), "{fails}");
        assert_eq!(raised_in_journal(&world), 0, "{fails}");
    }
}

#[tokio::test(start_paused = true)]
async fn tenants_10_a_threshold_that_stays_raised_stays_in_the_journal() {
    let world = world(2);
    world.tenant.on("update_source", Fault::Pass);
    world
        .tenant
        .on("update_source", Fault::Before(every_refusal().remove(0)));
    let raised = Some(RaisedThreshold { to: 50, back: 20 });
    let step = resting(new(), 2, raised);
    let outcome = world.apply(&plan(vec![step])).await;
    assert!(outcome.all_done(), "{:?}", lines(&outcome));
    let [notice] = outcome.notices.as_slice() else {
        panic!("{:?}", outcome.notices);
    };
    assert!(
        format!("{notice:?}").contains("is still raised to 50%"),
        "{notice:?}"
    );
    assert_eq!((threshold(&world), raised_in_journal(&world)), (50, 1));
}

/// An entry is closed once the threshold is another one, or of another source, or of
/// none; not while nothing is known.
#[tokio::test(start_paused = true)]
async fn tenants_10_an_earlier_raise_is_closed_once_it_is_over() {
    type Change = fn(&World);
    let cases: [(&str, Change, usize); 5] = [
        ("still raised", |world| set(world, 50), 1),
        ("set back", |world| set(world, 10), 0),
        (
            "another source of that name",
            |world| {
                set(world, 50);
                world.tenant.state().source("src").settings.id = "src-2".into();
            },
            0,
        ),
        (
            "no such source",
            |world| world.tenant.state().source("src").settings.name = "x".into(),
            0,
        ),
        (
            "not read",
            |world| world.tenant.always("source_named", unknown()),
            1,
        ),
    ];
    for (name, change, left) in cases {
        let world = world(1);
        let intent = RaiseIntent {
            source: "src".into(),
            name: SOURCE.into(),
            to: 50,
            back: 10,
        };
        let address = Address::Account("SA-000".into());
        world.journal().raise(&address, intent).unwrap();
        change(&world);
        let _ = world.apply(&plan(Vec::new())).await;
        assert_eq!(raised_in_journal(&world), left, "{name}");
    }
}

fn set(world: &World, percent: i64) {
    world.tenant.state().source("src").settings.delete_threshold = Some(percent);
}

/// The file names the identity that a new account is to have.
#[tokio::test(start_paused = true)]
async fn tenants_02_a_new_account_takes_only_the_identity_that_a_file_names() {
    for (named, is_own) in [("audit01", true), ("another", false)] {
        let world = world(1);
        {
            let mut state = world.tenant.state();
            state.add_identity("audit01", IdentityStatus::Unregistered, &[]);
            let source = state.source("src");
            source.accounts[0].identity = Some("audit01".into());
            source.profile = Some(LiveProfile {
                id: "profile".into(),
                name: "Robots".to_owned(),
                owner: None,
                authoritative_source: "src".into(),
                enabled: true,
                mappings: [].into(),
                refresh_required: false,
                identity_count: None,
            });
        }
        let address = format!("processing/{SOURCE}");
        let processing = Operation::ProcessIdentities {
            source: known_source(),
            profile: Ref::Known("profile".into()),
            expect: vec![ExpectedIdentity {
                account: "SA-000".into(),
                native_identity: "SA-000".into(),
                name: "amy".into(),
                alias: None,
                user_name: None,
                judged: true,
                follows: None,
            }],
            renames: [].into(),
        };
        let target = IdentityTarget::OfAccount {
            source: known_source(),
            native_identity: "SA-000".into(),
            own: OwnIdentity::Approved(named.into()),
        };
        let outcome = world
            .apply(&plan(vec![
                step(&address, processing).against(no_mappings()),
                invite(target.clone()).after(&[&address]),
                set_levels("levels/SA-000", target, &["HELPDESK"]).after(&[&address]),
            ]))
            .await;
        assert_eq!(outcome.all_done(), is_own, "{named}: {:?}", lines(&outcome));
        let writes = if is_own { 2 } else { 0 };
        assert_eq!(world.tenant.writes().len(), writes, "{named}");
    }
}
