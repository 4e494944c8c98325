//! Tests of imports that wait for a change of user names that is pending.

use super::fixtures::{
    account, applied_tenant, forbidden, guide, live_account, name_identity, source_mut,
};
use super::scenarios::{blocked, planned, steps};
use model::{AccountSpec, Collection, Live, LiveAccount, LiveMapping, Plan, Spec};

/// Another admin feeds the user names from the ids; ISC waits for "Apply Changes". The
/// files declare SA-001 like this, and SA-002, which is new.
fn pending(change: impl FnOnce(&mut AccountSpec)) -> (Spec, Live) {
    let (mut spec, mut live) = (guide(), applied_tenant());
    change(spec.accounts.get_mut("SA-001").unwrap());
    let new = account("SA-002", "backup02");
    spec.accounts.insert(new.key.clone(), new);
    if let Collection::Complete(Some(profile)) = &mut source_mut(&mut live).profile {
        let mapping = LiveMapping::Account {
            source: "source-1".into(),
            attribute: "id".into(),
        };
        profile.mappings.insert("uid".into(), mapping);
        profile.refresh_required = true;
    }
    (spec, live)
}

fn accounts(live: &mut Live) -> &mut Vec<LiveAccount> {
    match &mut source_mut(live).accounts {
        Collection::Complete(accounts) => accounts,
        Collection::Partial { .. } => panic!("the fixture is complete"),
    }
}

fn purpose(account: &mut AccountSpec) {
    account.row.as_mut().unwrap().purpose = "another".to_owned();
}

fn of_sa_001(plan: &Plan) -> Vec<String> {
    let mut blocked = blocked(plan);
    blocked.retain(|blocked| blocked.contains("SA-001"));
    blocked
}

/// A change may be pending, and an import would carry it out.
#[test]
fn a_row_is_not_sent_while_it_is_not_known_whether_a_change_is_pending() {
    let earlier = |account: &mut AccountSpec| {
        account.previously.id = Some("SA-000".into());
    };
    let changes: [fn(&mut AccountSpec); 2] = [purpose, earlier];
    for (row, change) in ["SA-001", "SA-000"].into_iter().zip(changes) {
        let (spec, mut live) = pending(change);
        accounts(&mut live)[0].native_identity = row.into();
        source_mut(&mut live).profile = forbidden();
        let plan = planned(&spec, &live);
        let blocked = of_sa_001(&plan);
        assert!(
            blocked.contains(&"account/SA-001 Unread".to_owned()),
            "{row}: {blocked:?} {:?}",
            steps(&plan)
        );
        assert!(
            steps(&plan).iter().any(|step| step == "+ account/SA-002"),
            "{row}: {:?}",
            steps(&plan)
        );
    }
}

#[test]
fn a_row_waits_for_a_pending_change_and_a_new_one_does_not() {
    let (spec, live) = pending(purpose);
    let plan = planned(&spec, &live);
    assert_eq!(
        of_sa_001(&plan),
        [
            "account/SA-001 UserNamesPending",
            "token/SA-001/monthly-report OwnershipUnknown"
        ]
    );
    let steps = steps(&plan);
    // Nothing waits for what is not done.
    assert!(
        !steps.iter().any(|step| step.contains("account/SA-001")),
        "{steps:?}"
    );
    let new = steps
        .iter()
        .find(|step| step.starts_with("+ account/SA-002"));
    assert!(new.is_some(), "{steps:?}");
    let processing = steps.iter().find(|step| step.contains("processing/"));
    assert!(
        processing.is_some_and(|step| step.contains("account/SA-002")),
        "{steps:?}"
    );
}

#[test]
fn what_becomes_of_a_renamed_account_is_known_once_its_row_can_be_sent() {
    let (spec, live) = pending(|account| {
        account.row.as_mut().unwrap().name = "other".into();
    });
    let plan = planned(&spec, &live);
    assert_eq!(of_sa_001(&plan), ["account/SA-001 UserNamesPending"]);
}

#[test]
fn the_identities_that_a_pending_change_renames_are_counted() {
    for (others, expected) in [
        (0, "gives 1 identity another"),
        (1, "gives 2 identities another"),
    ] {
        let (spec, mut live) = pending(purpose);
        for _ in 0..others {
            accounts(&mut live).push(live_account("SA-003", "third", "identity-3"));
            name_identity(&mut live, "identity-3", "third");
        }
        let plan = planned(&spec, &live);
        let message = plan
            .blocked
            .iter()
            .find(|blocked| blocked.address.to_string() == "account/SA-001")
            .map(|blocked| blocked.message.clone())
            .unwrap();
        assert!(message.contains(expected), "{message}");
    }
}

/// ISC says that nothing is pending, and is late, or wrong once.
#[test]
fn a_row_waits_while_its_identity_has_another_name_than_the_profile_makes() {
    let (mut spec, mut live) = pending(purpose);
    if let Collection::Complete(Some(profile)) = &mut source_mut(&mut live).profile {
        profile.refresh_required = false;
    }
    accounts(&mut live).push(live_account("SA-003", "SA-003", "identity-3"));
    name_identity(&mut live, "identity-3", "SA-003");
    let mut same = account("SA-003", "SA-003");
    purpose(&mut same);
    same.tokens = None;
    spec.accounts.insert(same.key.clone(), same);
    let plan = planned(&spec, &live);
    assert!(of_sa_001(&plan).contains(&"account/SA-001 UserNamesPending".to_owned()));
    let blocked = blocked(&plan);
    assert!(
        !blocked.contains(&"account/SA-003 UserNamesPending".to_owned()),
        "{blocked:?}"
    );
    // Processing would rename it, too; its guard counts it.
    let steps = steps(&plan);
    let processing = steps.iter().find(|step| step.contains("processing/"));
    assert!(
        processing.is_some_and(|step| step.contains('!')),
        "{steps:?}"
    );
}

/// An invitation goes to the address of a row that waits, which the identity does not have.
#[test]
fn an_invitation_waits_for_the_row_that_has_its_address() {
    for (email, waits) in [("new@example.com", true), ("audit01@example.com", false)] {
        let (spec, mut live) = pending(|account| {
            purpose(account);
            account.row.as_mut().unwrap().email = email.to_owned();
        });
        if let Some(Collection::Complete(Some(identity))) = live
            .identities
            .get_mut::<model::IdentityId>(&"identity-1".into())
        {
            identity.status = model::IdentityStatus::Unregistered;
            identity.alias = "SA-001".to_owned();
        }
        // The pending change renames another account only.
        accounts(&mut live).push(live_account("SA-003", "third", "identity-3"));
        name_identity(&mut live, "identity-3", "third");
        let plan = planned(&spec, &live);
        let is_blocked = of_sa_001(&plan)
            .iter()
            .any(|blocked| blocked.starts_with("invitation/"));
        let invites = steps(&plan)
            .iter()
            .any(|step| step.contains("invitation/SA-001"));
        assert_eq!(
            (is_blocked, invites),
            (waits, !waits),
            "{email}: {:?}",
            plan.blocked
        );
    }
}
