//! Ownership: an identity that is not the account's own is left alone.

use super::fixtures::{
    NOW, account, applied_tenant, enroll, forbidden, guide, live_token, managed, name_identity,
    reads, source_mut,
};
use super::scenarios::{audit01, planned, steps};
use jiff::SignedDuration;
use model::{
    BlockedReason, Collection, IdentityStatus, IdentityTarget, Live, LiveIdentity, LiveMapping,
    Operation, OwnIdentity, Spec, TokenSpecs, UnmanagedAccounts, UnmanagedTokens,
};

pub(super) type Change = fn(&mut Spec, &mut Live);

pub(super) fn identity(live: &mut Live) -> &mut LiveIdentity {
    match live.identities.get_mut("identity-1") {
        Some(Collection::Complete(Some(identity))) => identity,
        _ => panic!("the fixture has the identity"),
    }
}

pub(super) fn account_of(live: &mut Live) -> &mut model::LiveAccount {
    match &mut source_mut(live).accounts {
        Collection::Complete(accounts) => &mut accounts[0],
        Collection::Partial { .. } => panic!("the fixture's accounts are complete"),
    }
}

/// audit01 is enrolled; a level and a token are missing, another level and another
/// token are there, which policy revokes.
pub(super) fn to_change() -> (Spec, Live) {
    let (mut spec, mut live) = (guide(), applied_tenant());
    enroll(&mut live);
    spec.policy.unmanaged_tokens = UnmanagedTokens::Revoke;
    live.levels.insert(
        "identity-1".into(),
        Collection::Complete(["HELPDESK".into()].into()),
    );
    if let Collection::Complete(tokens) = &mut live.tokens {
        tokens.push(live_token("by-hand", "identity-1", &[]));
    }
    identity(&mut live).email = Some("Audit01@example.com".to_owned());
    (spec, live)
}

pub(super) const ALL: [&str; 3] = [
    "~ levels/SA-001 [userLevels]",
    "+ token/SA-001/monthly-report",
    "- token/SA-001/by-hand !",
];

#[test]
fn tenants_02_an_identity_that_is_not_the_accounts_own_is_left_alone() {
    let cases: [(&str, Change, Option<&str>); 21] = [
        ("its own", |_, _| {}, None),
        (
            "correlated by hand",
            |_, live| account_of(live).manually_correlated = Some(true),
            Some("by hand"),
        ),
        (
            "a machine account",
            |_, live| account_of(live).is_machine = Some(true),
            Some("machine account"),
        ),
        (
            "ISC says neither",
            |_, live| {
                account_of(live).manually_correlated = None;
                account_of(live).is_machine = None;
            },
            None,
        ),
        (
            "another alias",
            |_, live| identity(live).alias = "jane.doe".to_owned(),
            Some("its alias is jane.doe, and the account's would be audit01"),
        ),
        (
            "its alias in capitals",
            |_, live| identity(live).alias = "AUDIT01".to_owned(),
            None,
        ),
        (
            "another email address",
            |_, live| identity(live).email = Some("jane@example.com".to_owned()),
            Some("its email address is jane@example.com"),
        ),
        (
            "older than the account",
            |_, live| {
                account_of(live).created = Some(NOW);
                identity(live).created = Some(NOW - SignedDuration::from_hours(2));
            },
            Some("older than the account"),
        ),
        (
            "a moment older than the account",
            |_, live| {
                account_of(live).created = Some(NOW);
                identity(live).created = Some(NOW - SignedDuration::from_mins(59));
            },
            None,
        ),
        (
            "of another source",
            |spec, live| {
                managed(spec).identity_profile = None;
                source_mut(live).profile = Collection::Complete(None);
            },
            Some("no identity profile"),
        ),
        (
            "made by this source, as ISC says",
            |_, live| identity(live).made_by = Some("source-1".into()),
            None,
        ),
        (
            "made by another source, as ISC says",
            |_, live| identity(live).made_by = Some("source-2".into()),
            Some("source source-2 (its ID) made it"),
        ),
        (
            "made by a source that has an identity profile",
            |_, live| {
                reads(live, "source-2", "department", "purpose");
                if let Collection::Complete(profiles) = &mut live.profiles {
                    profiles[0].source_name = Some("Employees".into());
                }
                identity(live).made_by = Some("source-2".into());
            },
            Some("source \"Employees\" made it"),
        ),
        (
            "made by another source, and the profile of this one was not read",
            |_, live| {
                identity(live).made_by = Some("source-2".into());
                source_mut(live).profile = forbidden();
            },
            Some("source source-2 (its ID) made it"),
        ),
        (
            "an email address where no mapping makes one",
            |spec, live| remove_mapping(spec, live, "email"),
            Some("does not map `email`"),
        ),
        (
            "an email address where no mapping makes one, read with its levels",
            |spec, live| {
                remove_mapping(spec, live, "email");
                live.identities.clear();
                name_identity(live, "identity-1", "audit01");
                let names = live.names.get_mut("identity-1").unwrap();
                names.email = Some("jane@example.com".to_owned());
            },
            Some("does not map `email`"),
        ),
        (
            "no email address where no mapping makes one",
            |spec, live| {
                remove_mapping(spec, live, "email");
                identity(live).email = None;
            },
            None,
        ),
        (
            "alias made by a transform, email address as mapped",
            |spec, live| {
                identity(live).alias = "made".to_owned();
                unmap(spec, live, "uid");
            },
            None,
        ),
        (
            "approved",
            |spec, live| {
                account_of(live).manually_correlated = Some(true);
                identity(live).alias = "jane.doe".to_owned();
                audit01(spec).identity = Some("identity-1".into());
            },
            None,
        ),
        (
            "another one approved",
            |spec, _| audit01(spec).identity = Some("identity-2".into()),
            Some("declares `identity: identity-2`"),
        ),
        (
            "its names were read with its levels",
            |_, live| {
                live.identities.clear();
                name_identity(live, "identity-1", "jane.doe");
            },
            Some("its alias is jane.doe"),
        ),
    ];
    for (name, change, against) in cases {
        let (mut spec, mut live) = to_change();
        change(&mut spec, &mut live);
        let plan = planned(&spec, &live);
        let Some(why) = against else {
            let mut planned = steps(&plan);
            planned.sort();
            let mut all = ALL.to_vec();
            all.sort_unstable();
            assert_eq!(planned, all, "{name}");
            continue;
        };
        assert!(plan.is_empty(), "{name}: {:?}", steps(&plan));
        let blocked: Vec<_> = plan
            .blocked
            .iter()
            .filter(|blocked| blocked.reason == BlockedReason::NotOwn)
            .collect();
        let addresses: Vec<String> = blocked
            .iter()
            .map(|blocked| blocked.address.to_string())
            .collect();
        assert_eq!(
            addresses,
            ["levels/SA-001", "token/SA-001/monthly-report"],
            "{name}"
        );
        assert!(
            blocked[0].message.contains(why),
            "{name}: {}",
            blocked[0].message
        );
        assert!(
            blocked[0].remedy.contains("`identity: identity-1`"),
            "{name}"
        );
    }
}

/// An account without declared levels and tokens has nothing that could be blocked, and its
/// plan must not say that all is as declared.
#[test]
fn an_account_that_declares_no_token_says_that_its_identity_is_anothers() {
    for (has_issuer, place) in [(true, "issuer/SA-001"), (false, "account/SA-001")] {
        let (mut spec, mut live) = to_change();
        let account = audit01(&mut spec);
        account.user_levels = None;
        account.tokens = Some(TokenSpecs::default());
        if !has_issuer {
            account.issuer = None;
        }
        identity(&mut live).alias = "john.roe".to_owned();
        let plan = planned(&spec, &live);
        assert_eq!(steps(&plan), [""; 0], "{place}");
        let blocked: Vec<_> = plan
            .blocked
            .iter()
            .map(|blocked| (blocked.address.to_string(), blocked.reason))
            .collect();
        assert_eq!(blocked, [(place.to_owned(), BlockedReason::NotOwn)]);
    }
}

fn remove_mapping(spec: &mut Spec, live: &mut Live, target: &str) {
    unmap(spec, live, target);
    if let Collection::Complete(Some(profile)) = &mut source_mut(live).profile {
        profile.mappings.remove(target);
    }
}

/// The names alone do not show it, where a transform makes one of them.
#[test]
fn tenants_02_an_email_address_that_a_transform_makes_shows_nothing() {
    let (mut spec, mut live) = to_change();
    unmap(&mut spec, &mut live, "email");
    identity(&mut live).email = Some("other@example.com".to_owned());
    let mut planned = steps(&planned(&spec, &live));
    planned.sort();
    let mut all = ALL.to_vec();
    all.sort_unstable();
    assert_eq!(planned, all);
}

fn unmap(spec: &mut Spec, live: &mut Live, target: &str) {
    if let Some(profile) = &mut managed(spec).identity_profile {
        profile.mappings.remove(target);
    }
    if let Collection::Complete(Some(profile)) = &mut source_mut(live).profile {
        let transform = LiveMapping::Other("rule".to_owned());
        profile.mappings.insert(target.into(), transform);
    }
}

#[test]
fn tenants_02_levels_and_foreign_tokens_change_only_where_the_identity_is_known() {
    let unknown: [(&str, Change); 3] = [
        (
            "older, and the account had another id, with an identity that nobody knows",
            |spec, live| {
                account_of(live).created = Some(NOW);
                identity(live).created = Some(NOW - SignedDuration::from_hours(2));
                audit01(spec).previously.id = Some("SA-000".into());
            },
        ),
        ("not read", |_, live| live.identities.clear()),
        ("both names by transforms", |spec, live| {
            unmap(spec, live, "uid");
            unmap(spec, live, "email");
        }),
    ];
    for (name, change) in unknown {
        let (mut spec, mut live) = to_change();
        change(&mut spec, &mut live);
        let plan = planned(&spec, &live);
        let reasons: Vec<_> = plan
            .blocked
            .iter()
            .map(|blocked| (blocked.address.to_string(), blocked.reason))
            .collect();
        let unknown = |address: &str| (address.to_owned(), BlockedReason::OwnershipUnknown);
        let mut expected = vec![unknown("levels/SA-001")];
        // An identity that nothing looked up is told by its issuer.
        if name != "not read" {
            expected.push(unknown("token/SA-001/by-hand"));
        }
        assert_eq!(reasons, expected, "{name}");
        // What takes away would take it from a person.
        audit01(&mut spec).user_levels = Some([].into());
        let steps = steps(&planned(&spec, &live));
        assert!(!steps.contains(&ALL[0].to_owned()), "{name}: {steps:?}");
    }
}

#[test]
fn planner_15_an_undeclared_row_of_a_person_goes_without_what_the_person_holds() {
    let cases: [(&str, Change, &[&str], bool); 5] = [
        (
            "its own identity",
            |_, _| {},
            &[
                "- token/SA-001/by-hand !",
                "- levels/SA-001 !",
                "- account/SA-001 !",
            ],
            false,
        ),
        (
            "a person's, by hand",
            |_, live| account_of(live).manually_correlated = Some(true),
            &["- account/SA-001 !"],
            false,
        ),
        (
            "a person's, by its alias",
            |_, live| identity(live).alias = "jane.doe".to_owned(),
            &["- account/SA-001 !"],
            false,
        ),
        (
            "a person's, by its age",
            |_, live| {
                account_of(live).created = Some(NOW);
                identity(live).created = Some(NOW - SignedDuration::from_hours(24));
            },
            &["- account/SA-001 !"],
            false,
        ),
        (
            "not read",
            |_, live| {
                live.identities
                    .insert("identity-1".into(), Collection::Complete(None));
                live.identities.insert("identity-1".into(), forbidden());
            },
            &[],
            true,
        ),
    ];
    for (name, change, expected, is_blocked) in cases {
        let (mut spec, mut live) = (guide(), applied_tenant());
        managed(&mut spec).unmanaged = UnmanagedAccounts::Delete;
        spec.accounts.clear();
        source_mut(&mut live).delete_threshold = Some(100);
        if let Collection::Complete(tokens) = &mut live.tokens {
            tokens.push(live_token("by-hand", "identity-1", &[]));
        }
        change(&mut spec, &mut live);
        let plan = planned(&spec, &live);
        let planned: Vec<String> = steps(&plan)
            .into_iter()
            .map(|step| step.split(" <").next().unwrap_or_default().to_owned())
            .collect();
        assert_eq!(planned, expected, "{name}");
        let blocked = plan
            .blocked
            .iter()
            .any(|blocked| blocked.reason == BlockedReason::OwnershipUnknown);
        assert_eq!(blocked, is_blocked, "{name}");
    }
}

#[test]
fn tenants_02_a_new_account_says_what_its_identity_must_be() {
    let (mut spec, live) = (guide(), applied_tenant());
    let mut second = account("SA-002", "backup02");
    spec.accounts.insert(second.key.clone(), second.clone());
    let own = |spec: &Spec| -> Vec<OwnIdentity> {
        planned(spec, &live)
            .steps
            .into_iter()
            .filter_map(|step| match step.operation {
                Operation::SetLevels { identity, .. } | Operation::Invite { identity, .. } => {
                    Some(identity)
                }
                _ => None,
            })
            .map(|target| match target {
                IdentityTarget::OfAccount { own, .. } => own,
                IdentityTarget::Known(known) => panic!("{known}"),
            })
            .collect()
    };
    let named = OwnIdentity::Shown {
        names: model::IdentityNames {
            alias: Some("backup02".to_owned()),
            email: Some("backup02@example.com".to_owned()),
        },
        without_email: false,
        earlier: None,
    };
    assert_eq!(own(&spec), [named.clone(), named]);
    second.identity = Some("i7".into());
    spec.accounts.insert(second.key.clone(), second);
    let approved = OwnIdentity::Approved("i7".into());
    assert_eq!(own(&spec), [approved.clone(), approved]);
}

/// Only the identity that the account had under its earlier id may be older than its row.
#[test]
fn tenants_02_a_renamed_account_keeps_its_own_identity_and_no_other() {
    let cases: [(&str, Change, Option<&str>); 3] = [
        ("its own", |_, _| {}, Some("identity-1")),
        (
            "a person's, by its age",
            |_, live| {
                account_of(live).created = Some(NOW);
                identity(live).created = Some(NOW - SignedDuration::from_hours(24));
            },
            None,
        ),
        (
            "a person's, by hand",
            |_, live| account_of(live).manually_correlated = Some(true),
            None,
        ),
    ];
    for (name, change, expected) in cases {
        let (mut spec, mut live) = (guide(), applied_tenant());
        spec.accounts.clear();
        let mut renamed = account("SA-0X", "audit01");
        renamed.previously.id = Some("SA-001".into());
        renamed.user_levels = Some(["HELPDESK".into()].into());
        spec.accounts.insert(renamed.key.clone(), renamed);
        change(&mut spec, &mut live);
        let plan = planned(&spec, &live);
        let earlier = plan.steps.iter().find_map(|step| match &step.operation {
            Operation::SetLevels {
                identity:
                    IdentityTarget::OfAccount {
                        own: OwnIdentity::Shown { earlier, .. },
                        ..
                    },
                ..
            } => Some(earlier.clone()),
            _ => None,
        });
        assert_eq!(earlier, Some(expected.map(Into::into)), "{name}");
    }
}

/// The identity of an account that is not invited and not the account's own is not
/// invited either.
#[test]
fn tenants_02_nobody_else_is_invited() {
    let (spec, mut live) = (guide(), applied_tenant());
    identity(&mut live).status = IdentityStatus::Unregistered;
    let invitations = |live: &Live| {
        planned(&spec, live)
            .steps
            .iter()
            .filter(|step| matches!(step.operation, Operation::Invite { .. }))
            .count()
    };
    assert_eq!(invitations(&live), 1);
    account_of(&mut live).manually_correlated = Some(true);
    assert_eq!(invitations(&live), 0);
}

#[test]
fn an_identity_without_the_email_address_of_the_row_is_not_the_accounts_own_yet() {
    let (spec, mut live) = to_change();
    identity(&mut live).email = None;
    let plan = planned(&spec, &live);
    assert!(plan.is_empty(), "{:?}", steps(&plan));
    let told: Vec<_> = (plan.blocked.iter())
        .map(|blocked| (blocked.address.to_string(), blocked.reason))
        .collect();
    let unknown = BlockedReason::OwnershipUnknown;
    assert_eq!(
        told,
        [
            ("levels/SA-001".to_owned(), unknown),
            ("token/SA-001/by-hand".to_owned(), unknown),
            ("token/SA-001/monthly-report".to_owned(), unknown)
        ]
    );
    let message = &plan.blocked[0].message;
    assert!(message.contains("it has no email address"), "{message}");
    // Where the mappings make none, or it was not read, that says nothing.
    let (spec, mut live) = to_change();
    identity(&mut live).email = None;
    account_of(&mut live).cells.remove("e-mail");
    assert!(!planned(&spec, &live).is_empty());
    live.identities.clear();
    name_identity(&mut live, "identity-1", "audit01");
    assert!(!planned(&spec, &live).is_empty());
}
