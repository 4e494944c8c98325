//! Invitations: they wait for the email address, and are sent again when it changes.

use super::fixtures::{NOW, account, applied_tenant, guide};
use super::scenarios::{audit01, blocked, planned, profile, steps};
use jiff::SignedDuration;
use model::{Collection, IdentityStatus, Live, LiveIdentity, Operation, Reason, Spec, Stage};

const DAY: SignedDuration = SignedDuration::from_hours(24);
const INVITATION: &str = "> invitation/SA-001";

/// The guide's tenant, with an identity of this status, this age, and this time since
/// its last change.
fn tenant(status: IdentityStatus, created: i32, modified: i32) -> Live {
    let mut live = applied_tenant();
    let identity = identity(&mut live);
    identity.status = status;
    identity.email = Some("audit01@example.com".to_owned());
    identity.created = Some(NOW - DAY * created);
    identity.modified = Some(NOW - DAY * modified);
    live
}

fn identity(live: &mut Live) -> &mut LiveIdentity {
    match live.identities.get_mut("identity-1") {
        Some(Collection::Complete(Some(identity))) => identity,
        _ => panic!("the fixture has an identity"),
    }
}

fn moved(spec: &mut Spec) {
    audit01(spec).row.as_mut().unwrap().email = "new@example.com".to_owned();
}

fn invitation(spec: &Spec, live: &Live) -> Option<(String, Reason, bool)> {
    let plan = planned(spec, live);
    let shown = steps(&plan);
    plan.steps
        .iter()
        .zip(shown)
        .find_map(|(step, shown)| match &step.operation {
            Operation::Invite { again, .. } => Some((shown, step.reason, *again)),
            _ => None,
        })
}

#[test]
fn planner_20_an_invitation_waits_for_the_import_of_its_account() {
    let waits = format!("{INVITATION} < account/SA-001 processing/Service Accounts");
    for (name, status, change, expected) in [
        (
            "a new address",
            IdentityStatus::Unregistered,
            true,
            Some((waits.clone(), Reason::NotInvited, false)),
        ),
        (
            "the same address",
            IdentityStatus::Unregistered,
            false,
            Some((INVITATION.to_owned(), Reason::NotInvited, false)),
        ),
        (
            "an open invitation, a new address",
            IdentityStatus::Pending,
            true,
            Some((waits, Reason::InvitationMoves, true)),
        ),
        ("an open invitation", IdentityStatus::Pending, false, None),
        ("registered", IdentityStatus::Active, true, None),
    ] {
        let (mut spec, live) = (guide(), tenant(status, 3, 3));
        if change {
            moved(&mut spec);
        }
        assert_eq!(invitation(&spec, &live), expected, "{name}");
    }
}

/// Another mapping of email changes the address just as another cell does.
#[test]
fn planner_20_an_invitation_waits_for_the_mapping_of_its_address() {
    let (mut spec, mut live) = (guide(), tenant(IdentityStatus::Unregistered, 3, 3));
    profile(&mut live)
        .mappings
        .insert("email".into(), model::LiveMapping::Other("rule".to_owned()));
    let waits = "> invitation/SA-001 < profile/Service Accounts processing/Service Accounts";
    assert_eq!(invitation(&spec, &live).unwrap().0, waits);

    // What is due changes it, too.
    let mut live = tenant(IdentityStatus::Unregistered, 3, 3);
    profile(&mut live).refresh_required = true;
    let waits = "> invitation/SA-001 < processing/Service Accounts";
    assert_eq!(invitation(&spec, &live).unwrap().0, waits);

    // What other accounts wait for is nothing to this one.
    let live = tenant(IdentityStatus::Unregistered, 3, 3);
    let other = account("SA-002", "backup02");
    spec.accounts.insert(other.key.clone(), other);
    assert_eq!(invitation(&spec, &live).unwrap().0, INVITATION);
}

#[test]
fn planner_20_an_invitation_says_which_address_it_expects() {
    let (mut spec, live) = (guide(), tenant(IdentityStatus::Pending, 3, 3));
    moved(&mut spec);
    let plan = planned(&spec, &live);
    let to = plan.steps.iter().find_map(|step| match &step.operation {
        Operation::Invite { to, .. } => to.clone(),
        _ => None,
    });
    assert_eq!(to.as_deref(), Some("new@example.com"));
}

#[test]
fn tenants_07_an_expired_invitation_is_sent_again_and_not_for_ever() {
    for (name, created, modified, expected) in [
        ("open", 7, 7, None),
        ("of unknown age", 90, 2, None),
        ("expired", 8, 8, Some(Reason::InvitationExpired)),
        ("expired again", 35, 8, Some(Reason::InvitationExpired)),
        ("unanswered", 36, 8, None),
    ] {
        let live = tenant(IdentityStatus::Pending, created, modified);
        let found = invitation(&guide(), &live).map(|(_, reason, _)| reason);
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn tenants_07_nobody_is_pointed_to_a_dead_invitation() {
    // It is sent again: the next apply goes on.
    let plan = planned(&guide(), &tenant(IdentityStatus::Pending, 8, 8));
    assert_eq!(
        plan.accounts[0].next.as_ref().unwrap().what,
        "apply the plan"
    );

    // It is not: an admin has to find out who reads the mailbox.
    let plan = planned(&guide(), &tenant(IdentityStatus::Pending, 36, 8));
    assert_eq!(blocked(&plan)[0], "invitation/SA-001 InvitationsUnanswered");
    assert_eq!(plan.accounts[0].stage, Some(Stage::Invited));
    let next = plan.accounts[0].next.as_ref().unwrap();
    assert_eq!(next.who, model::Who::TenantAdmin);
    assert!(next.what.contains("mailbox of audit01"), "{}", next.what);

    // Its age is not known: what to do if it has expired is said.
    let plan = planned(&guide(), &tenant(IdentityStatus::Pending, 90, 2));
    let next = plan.accounts[0].next.as_ref().unwrap();
    assert!(next.what.contains("if it has expired"), "{}", next.what);
}
