//! What changed in the tenant since the plan was made is seen just before each write that
//! rests on it, and what is not known is not taken for unchanged.

use crate::fake::{Fault, Source, State};
use crate::plans::{SOURCE, With, define_schema, known_source, mint, new_token, plan, upsert};
use crate::world::{World, failure, is_stale};
use model::{
    ImportBasis, ImportMappings, ImportSchema, LiveMapping, LiveProfile, LiveSchema, LiveSource,
    Operation, RaisedThreshold, Removal, Step, StepResult,
};
use std::sync::Arc;

fn world() -> World {
    let world = World::new();
    let mut source = Source::new("src", SOURCE, &["id", "name", "team"]);
    source.add(&[("id", "SA-001"), ("name", "amy")]);
    source.add(&[("id", "SA-002"), ("name", "bob")]);
    world.tenant.state().add_source(source);
    world
}

/// A new row, planned when the threshold was 10%.
fn row(raised: Option<RaisedThreshold>) -> Step {
    let mut step = upsert(known_source(), "SA-003", &[("name", "new")]);
    if let Operation::ImportRow { basis, .. } = &mut step.operation {
        *basis = Arc::new(ImportBasis {
            threshold: Some(10),
            raised,
            ..ImportBasis::default()
        });
    }
    step
}

#[tokio::test(start_paused = true)]
async fn an_import_is_sent_only_with_the_settings_that_it_was_planned_for() {
    type Change = fn(&mut LiveSource);
    let changes: [(&str, bool, Change); 8] = [
        ("nothing", false, |_| {}),
        ("owner", false, |source| source.owner = None),
        ("delimiter", true, |source| {
            source.file.delimiter = ";".to_owned();
        }),
        ("filter", true, |source| {
            source.file.filter = Some("x".to_owned());
        }),
        ("deletions", true, |source| source.file.keeps_missing = true),
        ("threshold", true, |source| {
            source.delete_threshold = Some(50);
        }),
        ("name", true, |source| source.name = "other".into()),
        ("id", true, |source| source.id = "other".into()),
    ];
    for (what, is_refused, change) in changes {
        let world = world();
        world.tenant.on(
            "csv_columns",
            Fault::meanwhile(move |state| change(&mut state.source("src").settings)),
        );
        let outcome = world.apply(&plan(vec![row(None)])).await;
        let sent = world.tenant.state().sent.len();
        assert_eq!(sent, usize::from(!is_refused), "{what}");
        if is_refused {
            is_stale(&world, &outcome);
        } else {
            assert!(outcome.all_done(), "{what}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_import_is_sent_only_with_the_schema_and_the_mappings_that_it_was_planned_for() {
    fn schema(source: &mut Source) -> &mut LiveSchema {
        source.schema.as_mut().unwrap()
    }
    type Change = fn(&mut Source);
    let changes: [(&str, bool, Change); 6] = [
        ("nothing", false, |_| {}),
        ("another attribute", true, |source| {
            let mut attribute = schema(source).attributes[0].clone();
            attribute.name = "location".into();
            schema(source).attributes.push(attribute);
        }),
        ("identified otherwise", true, |source| {
            schema(source).identity_attribute = Some("name".into());
        }),
        ("no schema", true, |source| source.schema = None),
        ("another mapping", true, |source| {
            let mapping = LiveMapping::Other("rule".to_owned());
            let profile = source.profile.as_mut().unwrap();
            profile.mappings.insert("department".into(), mapping);
        }),
        ("no profile", true, |source| source.profile = None),
    ];
    for (what, is_refused, change) in changes {
        for is_defined in [false, true] {
            let world = world();
            let basis = {
                let mut state = world.tenant.state();
                let source = state.source("src");
                let profile = source.profile.insert(LiveProfile {
                    id: "profile".into(),
                    name: SOURCE.to_owned(),
                    owner: None,
                    authoritative_source: "src".into(),
                    enabled: true,
                    mappings: [].into(),
                    refresh_required: false,
                    identity_count: None,
                });
                let mappings = ImportMappings::OneOf(vec![profile.mappings_fingerprint()]);
                let schema = schema(source);
                let names = schema.attributes.iter();
                let names = names.map(|attribute| attribute.name.clone()).collect();
                ImportBasis {
                    mappings,
                    schema: ImportSchema {
                        seen: (!is_defined).then(|| schema.import_fingerprint()),
                        defined: is_defined.then_some(names),
                    },
                    ..ImportBasis::default()
                }
            };
            let mut step = row(None);
            if let Operation::ImportRow { basis: rests, .. } = &mut step.operation {
                *rests = Arc::new(basis);
            }
            world.tenant.on(
                "accounts",
                Fault::meanwhile(move |state| change(state.source("src"))),
            );
            let outcome = world.apply(&plan(vec![step])).await;
            let sent = world.tenant.state().sent.len();
            assert_eq!(sent, usize::from(!is_refused), "{what} {is_defined}");
            if is_refused {
                is_stale(&world, &outcome);
            } else {
                assert!(outcome.all_done(), "{what} {is_defined}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_raised_threshold_is_set_back_unless_another_has_changed_it() {
    for (set, expected, notices) in [(None, 10, 0), (Some(25), 25, 1), (Some(10), 10, 0)] {
        let world = world();
        world.tenant.on(
            "import_accounts",
            Fault::meanwhile(move |state: &mut State| {
                let settings = &mut state.source("src").settings;
                if let Some(set) = set {
                    settings.delete_threshold = Some(set);
                    settings.connector_delete_threshold = Some(set);
                }
            }),
        );
        let raise = RaisedThreshold { to: 40, back: 10 };
        let outcome = world.apply(&plan(vec![row(Some(raise))])).await;
        assert!(outcome.all_done(), "{outcome:?}");
        let mut state = world.tenant.state();
        let found = state.source("src").settings.effective_delete_threshold();
        assert_eq!(found, expected, "{set:?}");
        drop(state);
        let said = world
            .events
            .all()
            .iter()
            .filter(|event| format!("{event:?}").contains("so it was not set back to 10%"))
            .count();
        assert_eq!(said, notices, "{set:?}");
        // Nothing is left for the next run.
        assert!(world.journal().earlier().raised.is_empty(), "{set:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_attribute_is_removed_only_while_no_account_has_a_value_in_it() {
    type Change = fn(&mut Source);
    let changes: [(&str, &str, Change); 6] = [
        ("nothing", "", |_| {}),
        ("another account without a value", "", |source| {
            source.add(&[("id", "SA-004"), ("name", "dan")]);
        }),
        ("a value", "account SA-004, which has a value", |source| {
            source.add(&[("id", "SA-004"), ("name", "dan"), ("team", "iam")]);
        }),
        ("a short list", "lacks 1 of 2", |source| {
            source.accounts.pop();
        }),
        (
            "a mapping",
            "the mapping of department in the identity profile \"Robots\", which reads",
            |source| {
                let mapping = LiveMapping::Account {
                    source: "src".into(),
                    attribute: "team".into(),
                };
                source.profile = Some(LiveProfile {
                    id: "profile".into(),
                    name: "Robots".to_owned(),
                    owner: None,
                    authoritative_source: "src".into(),
                    enabled: true,
                    mappings: [("department".into(), mapping)].into(),
                    refresh_required: true,
                    identity_count: None,
                });
            },
        ),
        ("a partial list", "cannot read all of", |source| {
            source.partial = true;
        }),
    ];
    for (what, says, change) in changes {
        let world = world();
        let observed = world.tenant.state().source("src").schema.clone().unwrap();
        let mut step = define_schema(known_source(), &["id", "name"]);
        if let Operation::DefineSchema { removes, .. } = &mut step.operation {
            *removes = Removal {
                attributes: ["team".into()].into(),
                accounts: ["SA-001".into(), "SA-002".into()].into(),
                mapped: ["email".into()].into(),
            };
        }
        world.tenant.on(
            "account_schema",
            Fault::meanwhile(move |state| change(state.source("src"))),
        );
        let step = step.against(observed.fingerprint());
        let outcome = world.apply(&plan(vec![step])).await;
        let written = world.tenant.writes().len();
        if says.is_empty() {
            assert!(outcome.all_done(), "{what}: {outcome:?}");
        } else {
            assert!(failure(&outcome).contains(says), "{what}: {outcome:?}");
            assert_eq!(written, 0, "{what}");
        }
    }
}

#[tokio::test]
async fn nothing_is_minted_by_a_list_of_tokens_without_the_issuer() {
    let world = World::new();
    let issuer = world.enroll("audit01", "issuer").await;
    world.tenant.on(
        "tokens_of",
        Fault::meanwhile(|state| {
            // The list is empty from here on.
            for token in &mut state.tokens {
                token.owner = "hidden".into();
            }
        }),
    );
    let outcome = world
        .apply(&plan(vec![mint(new_token("report", &issuer))]))
        .await;
    assert!(
        matches!(outcome.steps[0].result, StepResult::Failed { .. }),
        "{outcome:?}"
    );
    assert_eq!(world.tenant.writes(), Vec::<String>::new());
}
