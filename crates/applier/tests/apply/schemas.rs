//! The account schema.

use crate::fake::{Fault, Source, every_refusal};
use crate::plans::{SOURCE, With, define_schema, known_source, plan};
use crate::world::{World, failure, is_stale, lines};
use model::LiveSchema;

const WANTED: [&str; 3] = ["id", "name", "purpose"];

fn world() -> World {
    let world = World::new();
    world
        .tenant
        .state()
        .add_source(Source::new("src", SOURCE, &["id", "name", "manager"]));
    world
}

fn schema(world: &World) -> LiveSchema {
    world.tenant.state().source("src").schema.clone().unwrap()
}

#[tokio::test]
async fn a_schema_is_changed_only_as_it_was_planned_against() {
    let world = world();
    let before = schema(&world).fingerprint();
    let change = || {
        plan(vec![
            define_schema(known_source(), &WANTED).against(before.clone()),
        ])
    };
    let as_planned = schema(&world);
    world
        .tenant
        .state()
        .source("src")
        .schema
        .as_mut()
        .unwrap()
        .attributes
        .pop();
    is_stale(&world, &world.apply(&change()).await);

    world.tenant.state().source("src").schema = Some(as_planned);
    assert_eq!(
        lines(&world.apply(&change()).await),
        ["schema/Service Accounts done"]
    );
}

#[tokio::test]
async fn what_the_tenant_did_not_make_is_named() {
    type Change = fn(&mut LiveSchema);
    let changes: [(&str, Change); 6] = [
        ("it has no purpose", |schema| {
            schema
                .attributes
                .retain(|attribute| attribute.name.as_str() != "purpose");
        }),
        ("it still has more", |schema| {
            let mut more = schema.attributes[0].clone();
            more.name = "more".into();
            schema.attributes.push(more);
        }),
        ("name is not a single string", |schema| {
            schema.attributes[1].multi = true;
        }),
        ("purpose is not a single string", |schema| {
            "INT".clone_into(&mut schema.attributes[2].kind);
        }),
        ("the account ID is name, not id", |schema| {
            schema.identity_attribute = Some("name".into());
        }),
        ("the account name is not set, not name", |schema| {
            schema.display_attribute = None;
        }),
    ];
    for (complaint, change) in changes {
        let world = world();
        world.tenant.on("account_schema", Fault::Pass);
        world.tenant.on(
            "account_schema",
            Fault::meanwhile(move |state| change(state.source("src").schema.as_mut().unwrap())),
        );
        let error = failure(
            &world
                .apply(&plan(vec![define_schema(known_source(), &WANTED)]))
                .await,
        );
        assert_eq!(
            error,
            format!("schema/Service Accounts: after the change {complaint}")
        );
    }
}

#[tokio::test]
async fn a_change_that_was_made_though_its_repetition_was_refused_is_done() {
    let world = world();
    let refused = every_refusal().remove(3);
    world
        .tenant
        .on("define_schema", Fault::After(refused.clone()));
    let change = || plan(vec![define_schema(known_source(), &WANTED)]);
    assert_eq!(
        lines(&world.apply(&change()).await),
        ["schema/Service Accounts done"]
    );
    // Where it was as it is wanted before, the refusal was about something else.
    world.tenant.on("define_schema", Fault::Before(refused));
    assert!(failure(&world.apply(&change()).await).starts_with("define_schema src: not accepted"));
}

#[tokio::test]
async fn no_schema_and_no_answer() {
    let world = world();
    world.tenant.state().source("src").schema = None;
    let error = failure(
        &world
            .apply(&plan(vec![define_schema(known_source(), &WANTED)]))
            .await,
    );
    assert!(
        error.contains("the source has no account schema"),
        "{error}"
    );
    assert_eq!(world.tenant.writes(), Vec::<String>::new());

    for kind in every_refusal() {
        let world = self::world();
        world
            .tenant
            .on("define_schema", Fault::Before(kind.clone()));
        let error = failure(
            &world
                .apply(&plan(vec![define_schema(known_source(), &WANTED)]))
                .await,
        );
        assert_eq!(error, format!("define_schema src: {kind}"));
    }
}
