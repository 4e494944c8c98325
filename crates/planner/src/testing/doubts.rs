//! Doubts: what belongs to an identity stays while it is not settled whose it is.

use super::fixtures::{
    NOW, SOURCE, account, applied_tenant, enroll, forbidden, guide, live_token, managed,
    name_identity, source_mut,
};
use super::ownership::{ALL, Change, account_of, identity, to_change};
use super::scenarios::{audit01, planned, steps};
use jiff::SignedDuration;
use model::{
    BlockedReason, Collection, IdentityStatus, Live, Operation, Plan, SourceSpec,
    UnmanagedAccounts, Who,
};

const PROCESSING: &str = "> processing/Service Accounts";

fn process(live: &mut Live) {
    if let Collection::Complete(Some(profile)) = &mut source_mut(live).profile {
        profile.refresh_required = true;
    }
}

fn blocked(plan: &Plan) -> Vec<(String, BlockedReason)> {
    plan.blocked
        .iter()
        .map(|blocked| (blocked.address.to_string(), blocked.reason))
        .collect()
}

fn of_identity(plan: &Plan) -> Vec<String> {
    steps(plan)
        .into_iter()
        .filter(|step| !step.starts_with(PROCESSING))
        .collect()
}

const PLACES: [&str; 3] = [
    "levels/SA-001",
    "token/SA-001/by-hand",
    "token/SA-001/monthly-report",
];

#[test]
fn invariant_8_what_shows_whose_an_identity_is_was_not_read() {
    let cases: [(&str, Change, BlockedReason); 4] = [
        (
            "the profile",
            |_, live| source_mut(live).profile = forbidden(),
            BlockedReason::Unread,
        ),
        (
            "the identity",
            |_, live| {
                live.identities.insert("identity-1".into(), forbidden());
                name_identity(live, "identity-1", "audit01");
            },
            BlockedReason::Unread,
        ),
        (
            "its alias speaks against it, and processing is due",
            |_, live| {
                identity(live).alias = "jane.doe".to_owned();
                process(live);
            },
            BlockedReason::OwnershipUnknown,
        ),
        (
            "its email address speaks against it, and processing is due",
            |_, live| {
                identity(live).email = Some("jane@example.com".to_owned());
                process(live);
            },
            BlockedReason::OwnershipUnknown,
        ),
    ];
    for (name, change, reason) in cases {
        let (mut spec, mut live) = to_change();
        change(&mut spec, &mut live);
        let plan = planned(&spec, &live);
        assert_eq!(of_identity(&plan), Vec::<String>::new(), "{name}");
        let mut found = blocked(&plan);
        found.retain(|(address, _)| PLACES.contains(&address.as_str()));
        found.sort();
        assert_eq!(
            found,
            PLACES.map(|place| (place.to_owned(), reason)),
            "{name}"
        );
        // Levels are not taken away either.
        audit01(&mut spec).user_levels = Some([].into());
        assert_eq!(
            of_identity(&planned(&spec, &live)),
            Vec::<String>::new(),
            "{name}"
        );
        // What needs no change is not blocked.
        audit01(&mut spec).user_levels = Some(["HELPDESK".into()].into());
        let found = blocked(&planned(&spec, &live));
        assert!(
            found.iter().all(|(address, _)| address != PLACES[0]),
            "{name}: {found:?}"
        );
        // The file says whose it is.
        audit01(&mut spec).user_levels = audit01(&mut guide()).user_levels.clone();
        audit01(&mut spec).identity = Some("identity-1".into());
        let mut approved = of_identity(&planned(&spec, &live));
        approved.sort();
        let mut all = ALL.to_vec();
        all.sort_unstable();
        // Processing may make another identity of the row than the approved one.
        all.retain(|_| !name.contains("alias"));
        assert_eq!(approved, all, "{name}");
    }
}

/// Until then a person can be the one whose names the identity gets.
#[test]
fn levels_wait_until_the_identity_has_the_names_of_its_changed_row() {
    let levels = |email: &str| {
        let (mut spec, live) = to_change();
        audit01(&mut spec).row.as_mut().unwrap().email = email.to_owned();
        let mut steps = steps(&planned(&spec, &live));
        steps.retain(|step| step.contains("levels/SA-001"));
        steps
    };
    let now = levels("audit01@example.com");
    assert_eq!(now, ["~ levels/SA-001 [userLevels]"]);
    let after = levels("new@example.com");
    assert_eq!(
        after,
        ["~ levels/SA-001 [userLevels] < processing/Service Accounts"]
    );
}

#[test]
fn invariant_3_what_processing_settles_comes_with_the_same_apply() {
    let (spec, mut live) = to_change();
    identity(&mut live).alias = "jane.doe".to_owned();
    process(&mut live);
    let plan = planned(&spec, &live);
    // What processing makes of jane.doe is another user name, and needs consent.
    assert_eq!(steps(&plan), [format!("{PROCESSING} !")]);
    for blocked in &plan.blocked {
        assert_eq!(blocked.who, Who::NextApply, "{blocked:?}");
        assert!(blocked.message.contains("its alias is jane.doe"));
    }
    // Nobody knows whether it does, so a name that does not come is no failure.
    let waits = plan.steps.iter().find_map(|step| match &step.operation {
        Operation::ProcessIdentities { expect, .. } => expect.first(),
        _ => None,
    });
    let waits = waits.map(|one| (one.alias.is_none(), one.follows.is_some()));
    assert_eq!(waits, Some((true, true)));
    // ISC leaves an identity that it knows to be of another source.
    identity(&mut live).made_by = Some("directory".into());
    let plan = planned(&spec, &live);
    assert_eq!(awaited(&plan), 0);
    assert!(blocked(&plan).contains(&(PLACES[0].to_owned(), BlockedReason::NotOwn)));
    // The names of its own identity are the right ones before it, too.
    identity(&mut live).made_by = None;
    identity(&mut live).alias = "audit01".to_owned();
    assert_eq!(of_identity(&planned(&spec, &live)).len(), ALL.len());
}

/// An enrolled account's identity is not read, so that a plan without changes is cheap.
/// Another account that has it could be read and show whose it is.
#[test]
fn invariant_8_tokens_of_an_identity_that_was_not_looked_up_wait_for_all_accounts() {
    let (mut spec, mut live) = to_change();
    live.identities.clear();
    audit01(&mut spec).user_levels = None;
    assert_eq!(of_identity(&planned(&spec, &live)).len(), 2);
    let mut other = account("CN=other", "other");
    (other.row, other.user_levels, other.tokens) = (None, None, None);
    other.source = "Active Directory".into();
    spec.sources
        .insert(other.source.clone(), SourceSpec::Unmanaged);
    live.sources.insert(other.source.clone(), forbidden());
    spec.accounts.insert(other.key.clone(), other);
    let plan = planned(&spec, &live);
    assert!(plan.is_empty(), "{:?}", steps(&plan));
    let token = (PLACES[2].to_owned(), BlockedReason::Unread);
    assert!(blocked(&plan).contains(&token));
}

#[test]
fn planner_27_a_row_of_anothers_identity_goes_once_no_import_renames_anybody() {
    let (mut spec, mut live) = (guide(), applied_tenant());
    managed(&mut spec).unmanaged = UnmanagedAccounts::Delete;
    spec.accounts.clear();
    source_mut(&mut live).delete_threshold = Some(100);
    if let Collection::Complete(tokens) = &mut live.tokens {
        tokens.push(live_token("by-hand", "identity-1", &[]));
    }
    identity(&mut live).alias = "jane.doe".to_owned();
    process(&mut live);
    // The import would carry out what processing is to show.
    let plan = planned(&spec, &live);
    let pending = BlockedReason::UserNamesPending;
    assert_eq!(of_identity(&plan), [""; 0]);
    assert_eq!(blocked(&plan), [("account/SA-001".to_owned(), pending)]);
    // The row alone goes, once nobody is renamed by it.
    account_of(&mut live).manually_correlated = Some(true);
    identity(&mut live).alias = "audit01".to_owned();
    let plan = planned(&spec, &live);
    assert_eq!(of_identity(&plan), ["- account/SA-001 !"]);
    assert_eq!(blocked(&plan), []);
}

#[test]
fn planner_27_a_rename_makes_room_for_another_identity() {
    let (mut spec, mut live) = to_change();
    account_of(&mut live).created = Some(NOW);
    identity(&mut live).created = Some(NOW - SignedDuration::from_hours(24));
    let row = audit01(&mut spec);
    row.name = "audit02".into();
    if let Some(declared) = &mut row.row {
        declared.name = "audit02".into();
    }
    row.previously.name = Some("audit01".into());
    let plan = planned(&spec, &live);
    // Levels of the identity that goes are not shown as what the new one has.
    let levels: Vec<_> = of_identity(&plan)
        .into_iter()
        .filter(|step| step.contains("levels/"))
        .collect();
    assert_eq!(levels, ["+ levels/SA-001 < processing/Service Accounts"]);
    assert!(
        blocked(&plan)
            .iter()
            .all(|(_, reason)| *reason != BlockedReason::NotOwn)
    );
    assert_eq!(awaited(&plan), 1);
    // ISC leaves an account at the identity that another source has made.
    identity(&mut live).alias = "jane.doe".to_owned();
    identity(&mut live).email = Some("jane.doe@example.com".to_owned());
    identity(&mut live).created = None;
    let plan = planned(&spec, &live);
    assert_eq!(awaited(&plan), 0);
    assert!(
        of_identity(&plan)
            .iter()
            .all(|step| !step.contains("levels/"))
    );
    assert!(blocked(&plan).contains(&(PLACES[0].to_owned(), BlockedReason::NotOwn)));
}

/// How many identities processing waits for.
fn awaited(plan: &Plan) -> usize {
    plan.steps
        .iter()
        .filter_map(|step| match &step.operation {
            Operation::ProcessIdentities { expect, .. } => Some(expect.len()),
            _ => None,
        })
        .sum()
}

#[test]
fn planner_27_levels_of_the_identity_before_a_changed_id_are_shown() {
    let (mut spec, mut live) = to_change();
    spec.accounts.clear();
    let mut renamed = account("SA-002", "audit01");
    renamed.previously.id = Some("SA-001".into());
    renamed.tokens = None;
    spec.accounts.insert(renamed.key.clone(), renamed);
    live.identities.clear();
    let plan = planned(&spec, &live);
    assert!(
        steps(&plan)
            .iter()
            .any(|step| step.starts_with("~ levels/SA-002 [userLevels]")),
        "{:?}",
        steps(&plan)
    );
}

#[test]
fn tenants_02_an_invitation_that_is_held_back_is_said() {
    let (spec, mut live) = (guide(), applied_tenant());
    let mut held = |status: IdentityStatus, is_own: bool| {
        identity(&mut live).status = status;
        account_of(&mut live).manually_correlated = Some(!is_own);
        let plan = planned(&spec, &live);
        let invitation = blocked(&plan)
            .into_iter()
            .find(|(address, _)| address == "invitation/SA-001");
        (invitation.map(|(_, reason)| reason), steps(&plan).len())
    };
    let not_own = Some(BlockedReason::NotOwn);
    assert_eq!(held(IdentityStatus::Unregistered, false), (not_own, 0));
    assert_eq!(held(IdentityStatus::Unregistered, true), (None, 1));
    assert_eq!(held(IdentityStatus::Active, false), (None, 0));
}

/// ISC gave the renamed account another identity, and the store has the old one's issuer.
#[test]
fn tokens_10_an_issuer_of_another_identity_does_not_hide_that_the_account_is_not_registered() {
    let (spec, mut live) = (guide(), applied_tenant());
    enroll(&mut live);
    if let Collection::Complete(tokens) = &mut live.tokens {
        tokens[0].owner = "identity-0".into();
    }
    identity(&mut live).status = IdentityStatus::Unregistered;
    let plan = planned(&spec, &live);
    assert_eq!(steps(&plan), ["> invitation/SA-001"]);
    assert_eq!(
        blocked(&plan),
        [(PLACES[2].to_owned(), BlockedReason::NotRegistered)]
    );
    assert_eq!(plan.accounts[0].source.as_str(), SOURCE);
    assert_eq!(plan.accounts[0].stage, Some(model::Stage::Identified));
}
