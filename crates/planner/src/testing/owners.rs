//! Owners that are gone, unknown or deactivated: they block their own field.

use super::fixtures::{
    applied_tenant, empty_tenant, enroll, forbidden, guide, managed, source_mut,
};
use super::scenarios::{add_token, audit01, blocked, planned, profile, steps, token_spec};
use model::{Collection, IncompleteReason, Live, OwnerRef, ProblemEffect, Rotation, Spec, Stage};

/// The declared owner, as the lookup found it.
fn owner(live: &mut Live, found: &Collection<Option<model::IdentityId>>) {
    live.owners
        .values_mut()
        .for_each(|owner| owner.clone_from(found));
}

/// A tenant in which audit01 is enrolled, and its token is due for rotation.
fn rotation_due() -> (Spec, Live) {
    let (mut spec, mut live) = (guide(), applied_tenant());
    enroll(&mut live);
    add_token(
        &mut live,
        "monthly-report",
        &["sp:report:read", "sp:search:read"],
    );
    token_spec(&mut spec).rotate =
        Some(Rotation::before(jiff::SignedDuration::from_hours(91 * 24)));
    (spec, live)
}

#[test]
fn planner_19_an_owner_that_is_gone_blocks_its_own_field_only() {
    let rotation = "± token/SA-001/monthly-report";
    for (name, found, reason, problems) in [
        ("gone", Collection::Complete(None), "OwnerNotFound", 1),
        ("unread", forbidden(), "Unread", 0),
    ] {
        let (spec, mut live) = rotation_due();
        source_mut(&mut live).description = Some("another".to_owned());
        owner(&mut live, &found);
        let plan = planned(&spec, &live);
        let planned = steps(&plan);
        assert!(plan.is_applyable(), "{name}");
        assert!(!plan.is_complete(), "{name}");
        assert!(planned.iter().any(|step| step.starts_with(rotation)));
        assert_eq!(
            planned[0], "~ source/Service Accounts [description]",
            "{name}: the other fields go on"
        );
        assert_eq!(
            blocked(&plan),
            [format!("source/Service Accounts {reason}")],
            "{name}"
        );
        assert_eq!(plan.problems.len(), problems, "{name}");
        for problem in &plan.problems {
            assert_eq!(problem.code, "SM0901");
            assert_eq!(problem.effect, ProblemEffect::BlocksField);
        }
    }
}

#[test]
fn planner_19_the_owner_of_a_profile_blocks_its_own_field_only() {
    let (mut spec, mut live) = rotation_due();
    let gone = OwnerRef::Email("gone@example.com".to_owned());
    managed(&mut spec).identity_profile.as_mut().unwrap().owner = Some(gone.clone());
    profile(&mut live).name = "another".to_owned();
    live.owners.insert(gone, Collection::Complete(None));
    let plan = planned(&spec, &live);
    assert!(plan.is_applyable());
    assert_eq!(blocked(&plan), ["profile/Service Accounts OwnerNotFound"]);
    let planned = steps(&plan);
    assert!(planned.contains(&"~ profile/Service Accounts [name]".to_owned()));
    assert!(planned.iter().any(|step| step.starts_with("± token/")));
}

#[test]
fn planner_19_without_an_owner_a_new_source_is_not_created() {
    let mut live = empty_tenant();
    owner(&mut live, &Collection::Complete(None));
    let plan = planned(&guide(), &live);
    assert_eq!(steps(&plan), [""; 0]);
    assert_eq!(
        blocked(&plan),
        [
            "source/Service Accounts OwnerNotFound",
            "levels/SA-001 NoIdentity",
            "token/SA-001/monthly-report NoIdentity"
        ]
    );
    for blocked in &plan.blocked[1..] {
        assert!(
            blocked.message.contains("source/Service Accounts"),
            "{}",
            blocked.message
        );
        assert!(blocked.remedy.contains("alias, email address or id"));
    }
    let account = &plan.accounts[0];
    assert_eq!(account.stage, Some(Stage::Absent));
    assert!(
        account
            .next
            .as_ref()
            .unwrap()
            .what
            .contains("source/Service")
    );
}

/// planner.md 12: it is declared, so nobody is told to declare it.
#[test]
fn planner_12_an_unread_profile_is_named_with_its_reason() {
    let mut spec = guide();
    let mut live = applied_tenant();
    let source = source_mut(&mut live);
    source.profile = Collection::unread(IncompleteReason::Forbidden, "403");
    source.accounts = Collection::Complete(Vec::new());
    audit01(&mut spec).tokens = None;
    let plan = planned(&spec, &live);
    let told: Vec<&str> = plan
        .blocked
        .iter()
        .map(|blocked| blocked.remedy.as_str())
        .collect();
    assert!(!told.is_empty());
    assert!(
        told.iter().all(|remedy| !remedy.contains("declare")),
        "{told:?}"
    );
}

#[test]
fn planner_19_a_deactivated_owner_is_a_warning() {
    let (spec, mut live) = rotation_due();
    let before = planned(&spec, &live);
    let jane = OwnerRef::Alias("jane.doe".to_owned());
    live.inactive_owners
        .insert(jane.clone(), "TERMINATED".to_owned());
    let plan = planned(&spec, &live);
    assert_eq!(steps(&plan), steps(&before));
    assert_eq!(blocked(&plan), [""; 0]);
    assert!(plan.is_applyable() && plan.is_complete());
    let [problem] = plan.problems.as_slice() else {
        panic!("{:?}", plan.problems)
    };
    assert_eq!(problem.code, "SM0907");
    assert_eq!(problem.effect, ProblemEffect::Warns);
    assert!(problem.message.contains("TERMINATED"));
}

#[test]
fn an_owner_by_display_name_is_told_the_alias_that_the_tenant_has() {
    for (written, aliases, expected) in [
        (
            "Jane Doe",
            &["jdoe"][..],
            Some("did you mean `owner: jdoe`?"),
        ),
        (
            "jane.deo",
            &["jane.dawson", "jane.doe"],
            Some("did you mean `owner: jane.doe`?"),
        ),
        ("jane.deo", &["jane.dark", "zoe"], None),
        ("Jane Doe", &[], None),
    ] {
        let (mut spec, mut live) = rotation_due();
        let owner = OwnerRef::Alias(written.to_owned());
        managed(&mut spec).owner = owner.clone();
        live.owners
            .insert(owner.clone(), Collection::Complete(None));
        let aliases = aliases.iter().map(|&alias| alias.to_owned()).collect();
        live.similar_owners.insert(owner, aliases);
        let plan = planned(&spec, &live);
        let remedies: Vec<&str> = plan
            .blocked
            .iter()
            .map(|blocked| blocked.remedy.as_str())
            .collect();
        assert!(!remedies.is_empty(), "{written}");
        for remedy in remedies {
            match expected {
                Some(help) => assert!(remedy.starts_with(help), "{remedy}"),
                None => assert!(remedy.starts_with("name an identity"), "{remedy}"),
            }
        }
    }
}
