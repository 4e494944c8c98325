//! What is not known is neither done nor one's own; what was refused is not looked for.

use crate::fake::{Fault, Source, every_refusal, unknown};
use crate::plans::{
    SOURCE, With, create_source, invite, invite_to, known, known_source, new_source, no_mappings,
    plan, set_levels,
};
use crate::world::{World, failure, lines};
use jiff::{SignedDuration, Timestamp};
use model::{
    IdentityNames, IdentityStatus, IdentityTarget, LiveIdentity, LiveProfile, OwnIdentity,
};

fn world(status: IdentityStatus, levels: &[&str]) -> World {
    let world = World::new();
    world.tenant.state().add_identity("audit01", status, levels);
    world
}

/// Somebody else makes the same, just after it was refused.
#[tokio::test(start_paused = true)]
async fn what_was_refused_is_not_taken_for_done() {
    for kind in every_refusal() {
        let world = World::new();
        world
            .tenant
            .on("create_source", Fault::Before(kind.clone()));
        world.tenant.on("source_named", Fault::Pass);
        world.tenant.on(
            "source_named",
            Fault::meanwhile(|state| {
                let (new, mut source) = (new_source(), Source::new("src", SOURCE, &["id"]));
                source.settings.owner = Some(new.owner);
                source.settings.description = new.description;
                source.settings.delete_threshold = new.delete_threshold.map(i64::from);
                state.add_source(source);
            }),
        );
        let outcome = world.apply(&plan(vec![create_source()])).await;
        assert!(
            failure(&outcome).ends_with(&kind.to_string()),
            "{outcome:?}"
        );
    }
    for kind in every_refusal() {
        let world = world(IdentityStatus::Unregistered, &[]);
        world.tenant.on("invite", Fault::Before(kind.clone()));
        world.tenant.on("identity", Fault::Pass);
        world.tenant.on(
            "identity",
            Fault::meanwhile(|state| {
                let identity = state.identities.get_mut("audit01").unwrap();
                identity.status = IdentityStatus::Pending;
            }),
        );
        let outcome = world.apply(&plan(vec![invite(known("audit01"))])).await;
        assert!(
            failure(&outcome).ends_with(&kind.to_string()),
            "{outcome:?}"
        );
    }
}

/// A second invitation shows only in the time of the identity's last change.
#[tokio::test(start_paused = true)]
async fn a_repeated_invitation_whose_answer_was_lost_shows_by_its_time() {
    let before = Timestamp::constant(1_767_225_600, 0);
    for (seconds, is_sent) in [(1, true), (0, false), (-1, false)] {
        let world = world(IdentityStatus::Pending, &[]);
        let modify = |state: &mut crate::fake::State, to| {
            state.identities.get_mut("audit01").unwrap().modified = Some(to);
        };
        modify(&mut world.tenant.state(), before);
        world.tenant.on("invite", Fault::Before(unknown()));
        world.tenant.on("identity", Fault::Pass);
        world.tenant.on(
            "identity",
            Fault::meanwhile(move |state| {
                modify(state, before + SignedDuration::from_secs(seconds));
            }),
        );
        let step = invite_to(known("audit01"), None, true);
        let outcome = world.apply(&plan(vec![step])).await;
        assert_eq!(
            outcome.all_done(),
            is_sent,
            "{seconds}: {:?}",
            lines(&outcome)
        );
        assert_eq!(world.tenant.count("invite"), 1, "{seconds}");
    }
}

/// Whether levels are granted to the identity that ISC gave to a new account. The mappings
/// make this alias.
async fn is_granted(
    alias: Option<&str>,
    without_email: bool,
    change: fn(&mut LiveIdentity),
) -> bool {
    let world = world(IdentityStatus::Unregistered, &[]);
    let mut source = Source::new("src", SOURCE, &["id", "name"]);
    source
        .add(&[("id", "SA-001"), ("name", "audit01")])
        .identity = Some("audit01".into());
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
    world.tenant.state().add_source(source);
    change(world.tenant.state().identities.get_mut("audit01").unwrap());
    let target = IdentityTarget::OfAccount {
        source: known_source(),
        native_identity: "SA-001".into(),
        own: OwnIdentity::Shown {
            names: IdentityNames {
                alias: alias.map(str::to_owned),
                email: None,
            },
            without_email,
            earlier: None,
        },
    };
    let steps = processed(set_levels("levels/SA-001", target, &["HELPDESK"]));
    let outcome = world.apply(&plan(steps)).await;
    let is_granted = outcome.all_done();
    let writes = usize::from(is_granted);
    assert_eq!(world.tenant.writes().len(), writes, "{:?}", lines(&outcome));
    is_granted
}

/// ISC says neither the alias nor the email address of a new account's identity.
#[tokio::test(start_paused = true)]
async fn tenants_02_levels_are_not_granted_to_an_identity_of_which_nothing_is_known() {
    assert!(is_granted(Some("audit01"), false, |_| {}).await);
    assert!(!is_granted(None, false, |_| {}).await);
}

/// It has the alias of the row.
#[tokio::test(start_paused = true)]
async fn tenants_02_levels_are_not_granted_to_an_identity_that_another_profile_made() {
    type Change = fn(&mut LiveIdentity);
    let email: Change = |identity| identity.email = Some("jane@example.com".to_owned());
    let cases: [(&str, bool, Change, bool); 5] = [
        ("an email address that may be mapped", false, email, true),
        ("an email address that no mapping makes", true, email, false),
        ("no email address", true, |_| {}, true),
        (
            "made by this source",
            false,
            |identity| identity.made_by = Some("src".into()),
            true,
        ),
        (
            "made by another source",
            false,
            |identity| identity.made_by = Some("hr".into()),
            false,
        ),
    ];
    for (name, without_email, change, expected) in cases {
        let found = is_granted(Some("audit01"), without_email, change).await;
        assert_eq!(found, expected, "{name}");
    }
}

#[tokio::test]
async fn a_level_that_the_plan_does_not_show_stays_beside_one_that_it_shows() {
    let levels = ["CERT_ADMIN", "HELPDESK"];
    for (shown, refused) in [(vec!["HELPDESK"], true), (levels.to_vec(), false)] {
        let world = world(IdentityStatus::Active, &levels);
        let mut step = set_levels("levels/SA-001", known("audit01"), &["HELPDESK"]);
        step.before = Some(model::Fields::from_iter([(
            "userLevels".to_owned(),
            serde_json::json!(shown),
        )]));
        let outcome = world.apply(&plan(vec![step])).await;
        assert_eq!(!outcome.all_done(), refused, "{:?}", lines(&outcome));
    }
}

/// A step of an account's identity, after the processing that shows it.
fn processed(step: model::Step) -> Vec<model::Step> {
    let address = format!("processing/{SOURCE}");
    let operation = model::Operation::ProcessIdentities {
        source: known_source(),
        profile: model::Ref::Known("profile".into()),
        expect: vec![model::ExpectedIdentity {
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
    vec![
        crate::plans::step(&address, operation).against(no_mappings()),
        step.after(&[&address]),
    ]
}
