//! Sources: made once, and changed only as they were.

use crate::fake::{Fault, Source, every_refusal, unknown};
use crate::plans::{SOURCE, With, create_source, plan, step};
use crate::world::{World, failure, is_stale, lines, only};
use model::{LiveSource, Operation, SourceChange, StepResult};

fn there() -> LiveSource {
    let mut source = Source::new("src", SOURCE, &["id", "name"]).settings;
    source.description = Some("for automation".to_owned());
    source.delete_threshold = Some(20);
    source
}

fn add(world: &World, settings: LiveSource) {
    let mut source = Source::new("src", SOURCE, &["id", "name"]);
    source.settings = settings;
    world.tenant.state().add_source(source);
}

fn update(changes: Vec<SourceChange>) -> Operation {
    Operation::UpdateSource {
        source: "src".into(),
        changes,
    }
}

fn all_changes() -> Vec<SourceChange> {
    vec![
        SourceChange::Owner("john".into()),
        SourceChange::Description("for robots".to_owned()),
        SourceChange::DeleteThreshold(5),
    ]
}

#[tokio::test]
async fn a_source_of_that_name_that_has_come_to_be_is_not_touched() {
    let world = World::new();
    add(&world, there());
    is_stale(&world, &world.apply(&plan(vec![create_source()])).await);
}

#[tokio::test]
async fn a_create_whose_answer_was_lost_is_taken_for_done_where_it_is_as_wanted() {
    let world = World::new();
    world.tenant.on("create_source", Fault::After(unknown()));
    let outcome = world.apply(&plan(vec![create_source()])).await;
    assert_eq!(lines(&outcome), ["source/Service Accounts done"]);
    assert_eq!(world.tenant.count("create_source"), 1);
}

#[tokio::test]
async fn a_create_whose_answer_was_lost_fails_where_something_else_is_there() {
    type Change = fn(&mut LiveSource);
    let changes: [(&str, Change); 4] = [
        ("another owner", |source| source.owner = Some("john".into())),
        ("another description", |source| source.description = None),
        ("another type", |source| {
            source.kind = "Delimited File".to_owned();
        }),
        ("another threshold", |source| source.delete_threshold = None),
    ];
    for (what, change) in changes {
        let world = World::new();
        let mut other = there();
        change(&mut other);
        // It appears after it was looked for, and before it is made.
        world.tenant.on("create_source", Fault::Before(unknown()));
        world.tenant.on("source_named", Fault::Pass);
        world.tenant.on(
            "source_named",
            Fault::meanwhile(move |state| {
                let mut source = Source::new("src", SOURCE, &["id", "name"]);
                source.settings = other;
                state.add_source(source);
            }),
        );
        let outcome = world.apply(&plan(vec![create_source()])).await;
        assert!(
            failure(&outcome).contains("whether it took effect is not known"),
            "{what}: {outcome:?}"
        );
        assert_eq!(world.tenant.count("create_source"), 1, "{what}");
        assert_eq!(world.journal_text(), "", "{what}");
    }
}

#[tokio::test]
async fn a_create_is_never_sent_twice() {
    // Its answer is lost, and then nothing is there, or looking fails too.
    for looking in [Fault::Pass, Fault::Before(every_refusal().remove(4))] {
        let world = World::new();
        world.tenant.on("create_source", Fault::Before(unknown()));
        world.tenant.on("source_named", Fault::Pass);
        world.tenant.on("source_named", looking);
        let outcome = world.apply(&plan(vec![create_source()])).await;
        assert!(failure(&outcome).contains("whether it took effect is not known"));
        assert_eq!(world.tenant.count("create_source"), 1);

        // The next run sees in the tenant what was created, without a journal.
        assert_eq!(world.journal_text(), "");
        assert!(world.apply(&plan(vec![create_source()])).await.all_done());
    }
}

#[tokio::test]
async fn a_refused_create_fails() {
    for kind in every_refusal() {
        let world = World::new();
        world
            .tenant
            .on("create_source", Fault::Before(kind.clone()));
        let outcome = world.apply(&plan(vec![create_source()])).await;
        assert!(failure(&outcome).contains(&kind.to_string()));
        assert_eq!(world.tenant.count("create_source"), 1);
    }
}

#[tokio::test]
async fn a_source_is_changed_only_as_it_was_planned_against() {
    let world = World::new();
    add(&world, there());
    let mut planned = there();
    planned.description = None;
    let change = |fingerprint| {
        plan(vec![
            step("source/Service Accounts", update(all_changes())).against(fingerprint),
        ])
    };
    is_stale(&world, &world.apply(&change(planned.fingerprint())).await);

    // Another source of that name is another source.
    let mut other = there();
    other.id = "other".into();
    add(&world, other.clone());
    world.tenant.state().sources.remove("src");
    is_stale(&world, &world.apply(&change(other.fingerprint())).await);
    world.tenant.state().sources.clear();
    is_stale(&world, &world.apply(&change(there().fingerprint())).await);

    add(&world, there());
    let outcome = world.apply(&change(there().fingerprint())).await;
    assert_eq!(only(&outcome), &StepResult::Done { note: None });
    let mut state = world.tenant.state();
    let settings = &state.source("src").settings;
    assert_eq!(settings.owner, Some("john".into()));
    assert_eq!(settings.effective_delete_threshold(), 5);
}

#[tokio::test]
async fn a_change_that_is_taken_and_not_made_is_found_out() {
    for (change, field) in
        all_changes()
            .into_iter()
            .zip(["owner", "description", "deleteThreshold"])
    {
        let world = World::new();
        add(&world, there());
        world.tenant.state().ignores_changes = true;
        let step =
            step("source/Service Accounts", update(vec![change])).against(there().fingerprint());
        let error = failure(&world.apply(&plan(vec![step])).await);
        assert!(
            error.contains(&format!(
                "ISC accepted the change of {field} without an error"
            )),
            "{error}"
        );
    }
}
