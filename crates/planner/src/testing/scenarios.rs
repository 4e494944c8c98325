//! Scenarios: small tenants, changed in one place each, and their plans.

use super::fixtures::{
    NOW, SOURCE, account, applied_tenant, empty_tenant, enroll, forbidden, guide, live_account,
    live_attribute, live_token, managed, source_mut,
};
use crate::{Allowances, plan};
use jiff::SignedDuration;
use model::{
    Collection, IdentityStatus, Incomplete, IncompleteReason, IssuerState, Live, LiveIdentity,
    Plan, SourceSpec, Spec, Stage, UnmanagedAccounts, UnmanagedTokens,
};
use std::fmt::Write as _;

pub(crate) fn planned(spec: &Spec, live: &Live) -> Plan {
    plan(spec, live, NOW, &Allowances::default())
}

/// The steps as `MARK ADDRESS [changed fields] < dependencies`.
pub(crate) fn steps(plan: &Plan) -> Vec<String> {
    plan.steps
        .iter()
        .map(|step| {
            let mut text = format!("{} {}", step.action.mark(), step.address);
            if step.action == model::Action::Update {
                write!(text, " [{}]", step.changed_fields().join(", ")).unwrap();
            }
            if step.destructive {
                text.push_str(" !");
            }
            let first: Vec<_> = step.depends_on.iter().map(ToString::to_string).collect();
            if !first.is_empty() {
                write!(text, " < {}", first.join(" ")).unwrap();
            }
            text
        })
        .collect()
}

pub(crate) fn blocked(plan: &Plan) -> Vec<String> {
    plan.blocked
        .iter()
        .map(|blocked| format!("{} {:?}", blocked.address, blocked.reason))
        .collect()
}

fn register(live: &mut Live) {
    live.identities.insert(
        "identity-1".into(),
        Collection::Complete(Some(LiveIdentity {
            id: "identity-1".into(),
            alias: "audit01".to_owned(),
            name: "audit01".to_owned(),
            email: Some("audit01@example.com".to_owned()),
            status: IdentityStatus::Active,
            created: None,
            modified: None,
            made_by: None,
        })),
    );
}

pub(crate) fn add_token(live: &mut Live, name: &str, scopes: &[&str]) {
    match &mut live.tokens {
        Collection::Complete(tokens) => tokens.push(live_token(name, "identity-1", scopes)),
        Collection::Partial { .. } => panic!("the fixture's tokens are complete"),
    }
}

#[test]
fn nothing_there_is_planned_in_the_order_of_the_guide() {
    let plan = planned(&guide(), &empty_tenant());
    assert_eq!(
        steps(&plan),
        [
            "+ source/Service Accounts",
            "+ schema/Service Accounts < source/Service Accounts",
            "+ account/SA-001 < source/Service Accounts schema/Service Accounts",
            "+ profile/Service Accounts < source/Service Accounts schema/Service Accounts",
            "> processing/Service Accounts < source/Service Accounts schema/Service Accounts profile/Service Accounts account/SA-001",
            "> invitation/SA-001 < processing/Service Accounts",
            "+ levels/SA-001 < processing/Service Accounts",
        ]
    );
    assert_eq!(
        blocked(&plan),
        ["token/SA-001/monthly-report NotRegistered"]
    );
    assert!(plan.is_applyable() && !plan.is_complete());
    assert_eq!(plan.accounts[0].stage, Some(Stage::Absent));
}

#[test]
fn all_there_is_an_empty_plan_that_waits_for_a_person() {
    let plan = planned(&guide(), &applied_tenant());
    assert!(plan.is_empty(), "{:?}", steps(&plan));
    assert_eq!(
        blocked(&plan),
        ["token/SA-001/monthly-report NotRegistered"]
    );
    assert_eq!(plan.accounts[0].stage, Some(Stage::Invited));
}

#[test]
fn a_registered_account_waits_for_its_issuer() {
    let mut live = applied_tenant();
    register(&mut live);
    let plan = planned(&guide(), &live);
    assert_eq!(blocked(&plan), ["token/SA-001/monthly-report NoIssuer"]);
    assert_eq!(plan.accounts[0].stage, Some(Stage::Registered));
}

#[test]
fn an_issuer_mints_and_is_not_reported_as_undeclared() {
    let mut live = applied_tenant();
    enroll(&mut live);
    let plan = planned(&guide(), &live);
    assert_eq!(steps(&plan), ["+ token/SA-001/monthly-report"]);
    assert!(plan.blocked.is_empty() && plan.unmanaged.is_empty());
    assert_eq!(plan.accounts[0].stage, Some(Stage::Enrolled));

    add_token(
        &mut live,
        "monthly-report",
        &["sp:report:read", "sp:search:read"],
    );
    let plan = planned(&guide(), &live);
    assert!(plan.is_empty(), "{:?}", steps(&plan));
    assert_eq!(plan.accounts[0].stage, Some(Stage::Ready));
}

#[test]
fn an_undeclared_account_is_kept_or_deleted_from_token_to_row() {
    let mut spec = guide();
    let mut live = applied_tenant();
    source_mut(&mut live).delete_threshold = Some(100);
    accounts(&mut live).push(live_account("SA-002", "old01", "identity-1"));
    add_token(&mut live, "monthly-report", &[]);
    spec.accounts.clear();
    spec.accounts
        .insert("SA-003".into(), account("SA-003", "new01"));

    let plan = planned(&spec, &live);
    let unmanaged: Vec<_> = plan
        .unmanaged
        .iter()
        .map(|found| found.address.to_string())
        .collect();
    assert_eq!(unmanaged, ["account/SA-001", "account/SA-002"]);
    assert!(
        plan.steps
            .iter()
            .all(|step| step.action != model::Action::Delete)
    );

    managed(&mut spec).unmanaged = UnmanagedAccounts::Delete;
    spec.accounts.clear();
    accounts(&mut live).pop();
    assert_eq!(
        steps(&planned(&spec, &live)),
        [
            "- token/SA-001/monthly-report !",
            "- levels/SA-001 ! < token/SA-001/monthly-report",
            "- account/SA-001 ! < token/SA-001/monthly-report levels/SA-001",
        ]
    );
}

#[test]
fn a_partial_reading_blocks_and_is_never_taken_for_absence() {
    let delete_all = || {
        let mut spec = guide();
        managed(&mut spec).unmanaged = UnmanagedAccounts::Delete;
        spec
    };
    let mut live = applied_tenant();
    source_mut(&mut live).accounts = Collection::Partial {
        found: Vec::new(),
        why: Incomplete {
            reason: IncompleteReason::ShortPage,
            detail: "page 2".to_owned(),
            call: None,
        },
    };
    let plan = planned(&delete_all(), &live);
    assert!(plan.is_empty(), "{:?}", steps(&plan));
    assert!(!plan.incomplete.is_empty() && !plan.is_complete());
    assert_eq!(plan.accounts[0].stage, None);

    let mut live = applied_tenant();
    live.sources.insert(SOURCE.into(), forbidden());
    assert!(planned(&guide(), &live).is_empty());

    let mut spec = delete_all();
    spec.accounts.clear();
    for change in [
        (|live: &mut Live| live.tokens = forbidden()) as fn(&mut Live),
        |live| {
            live.levels.insert("identity-1".into(), forbidden());
        },
    ] {
        let mut live = applied_tenant();
        source_mut(&mut live).delete_threshold = Some(100);
        change(&mut live);
        let plan = planned(&spec, &live);
        assert!(plan.is_empty(), "{:?}", steps(&plan));
        assert_eq!(blocked(&plan), ["account/SA-001 Unread"]);
    }
}

#[test]
fn a_source_that_others_manage_gets_levels_and_tokens_only() {
    let mut spec = guide();
    spec.sources.insert(SOURCE.into(), SourceSpec::Unmanaged);
    audit01(&mut spec).row = None;
    let mut live = applied_tenant();
    source_mut(&mut live).kind = "Active Directory - Direct".to_owned();
    live.levels
        .insert("identity-1".into(), Collection::Complete([].into()));
    accounts(&mut live).push(live_account("S-1-5", "somebody", "identity-2"));
    let plan = planned(&spec, &live);
    assert_eq!(steps(&plan), ["~ levels/SA-001 [userLevels]"]);
    assert!(plan.unmanaged.is_empty());

    accounts(&mut live).clear();
    assert_eq!(
        blocked(&planned(&spec, &live)),
        [
            "levels/SA-001 NoAccount",
            "token/SA-001/monthly-report NoAccount"
        ]
    );
}

#[test]
fn what_the_tenant_cannot_do_is_a_problem_with_its_place() {
    let mut other_type = applied_tenant();
    source_mut(&mut other_type).kind = "Active Directory - Direct".to_owned();
    let mut level = guide();
    audit01(&mut level).user_levels = Some(["AUDITOR".into()].into());
    let mut unmanaged = guide();
    unmanaged
        .sources
        .insert(SOURCE.into(), SourceSpec::Unmanaged);
    for (spec, live, expected) in [
        (
            guide(),
            other_type,
            ("SM0902", "source/Service Accounts", "name"),
        ),
        (
            unmanaged,
            empty_tenant(),
            ("SM0903", "source/Service Accounts", "name"),
        ),
        (
            level,
            applied_tenant(),
            ("SM0904", "levels/SA-001", "userLevels=AUDITOR"),
        ),
    ] {
        let plan = planned(&spec, &live);
        let problem = plan.problems.first().unwrap();
        let found = (
            problem.code,
            problem.address.to_string(),
            problem.field.clone().unwrap(),
        );
        assert_eq!(
            found,
            (expected.0, expected.1.to_owned(), expected.2.to_owned())
        );
        assert!(!plan.is_applyable());
    }
}

#[test]
fn a_dead_issuer_is_not_used() {
    let mut live = applied_tenant();
    register(&mut live);
    live.stores.issuers.insert(
        "SA-001".into(),
        IssuerState::Present {
            client_id: "gone".into(),
            origin: model::IssuerOrigin::Steersman {
                replaces: "enrolled".into(),
                rotation: 0,
            },
        },
    );
    let plan = planned(&guide(), &live);
    assert!(plan.is_empty());
    assert!(
        plan.blocked[0].message.contains("is not a token of"),
        "{}",
        plan.blocked[0].message
    );
}

#[test]
fn what_may_be_an_issuer_is_not_revoked() {
    let mut spec = guide();
    spec.policy.unmanaged_tokens = UnmanagedTokens::Revoke;
    let mut live = applied_tenant();
    enroll(&mut live);
    add_token(&mut live, "monthly-report", &[]);
    live.stores.issuers.insert(
        "SA-001".into(),
        IssuerState::Unreadable {
            why: "no key".to_owned(),
        },
    );
    let plan = planned(&spec, &live);
    assert!(plan.is_empty(), "{:?}", steps(&plan));
    assert!(blocked(&plan).contains(&"token/SA-001/issuer Unread".to_owned()));
}

#[test]
fn accounts_of_one_identity_leave_each_other_what_they_declare() {
    let mut spec = guide();
    spec.policy.unmanaged_tokens = UnmanagedTokens::Revoke;
    let mut second = account("SA-002", "audit02");
    second.tokens = Some(
        [("nightly".into(), super::fixtures::token("nightly"))]
            .into_iter()
            .collect(),
    );
    spec.accounts.insert(second.key.clone(), second);
    let mut live = applied_tenant();
    enroll(&mut live);
    accounts(&mut live).push(live_account("SA-002", "audit02", "identity-1"));
    live.stores.issuers.insert(
        "SA-002".into(),
        IssuerState::Present {
            client_id: "token-second issuer".into(),
            origin: model::IssuerOrigin::Steersman {
                replaces: "enrolled".into(),
                rotation: 0,
            },
        },
    );
    let scopes = ["sp:report:read", "sp:search:read"];
    for name in ["second issuer", "monthly-report", "nightly"] {
        add_token(&mut live, name, &scopes);
    }
    let plan = planned(&spec, &live);
    assert!(plan.is_empty(), "{:?}", steps(&plan));

    // Nor does the one take along what is the other's when it goes.
    spec.accounts.remove("SA-002");
    spec.policy.unmanaged_tokens = UnmanagedTokens::Report;
    managed(&mut spec).unmanaged = UnmanagedAccounts::Delete;
    assert_eq!(steps(&planned(&spec, &live)), ["- account/SA-002 !"]);
}

#[test]
fn a_deletion_waits_for_the_threshold_and_the_schema_of_its_plan() {
    let mut spec = guide();
    spec.accounts.clear();
    managed(&mut spec).unmanaged = UnmanagedAccounts::Delete;
    managed(&mut spec).delete_threshold = 100.try_into().ok();
    let mut live = applied_tenant();
    live.levels
        .insert("identity-1".into(), Collection::Complete([].into()));
    schema(&mut live).attributes.push(live_attribute("byHand"));
    assert_eq!(
        steps(&planned(&spec, &live)),
        [
            "~ source/Service Accounts [deleteThreshold]",
            "~ schema/Service Accounts [attributes] < source/Service Accounts",
            "- account/SA-001 ! < source/Service Accounts schema/Service Accounts",
        ]
    );
}

#[test]
fn a_replaced_token_stays_until_its_successor_is_there() {
    let retired = "monthly-report~retiring-20251231-92bd";
    let revoked = format!("- token/SA-001/{retired} !");
    let mut live = applied_tenant();
    enroll(&mut live);
    add_token(&mut live, retired, &[]);
    // The overlap begins with the successor, whatever the day in the name is.
    let create = "+ token/SA-001/monthly-report".to_owned();
    assert_eq!(
        steps(&planned(&guide(), &live)),
        std::slice::from_ref(&create)
    );
    for (overlap, age, goes) in [
        (24, 0, false),
        (24, 23, false),
        (24, 24, true),
        (48, 24, false),
    ] {
        let (mut spec, mut live) = (guide(), live.clone());
        add_token(
            &mut live,
            "monthly-report",
            &["sp:report:read", "sp:search:read"],
        );
        if let Collection::Complete(tokens) = &mut live.tokens {
            let hours = SignedDuration::from_hours;
            for token in tokens {
                token.created = NOW - hours(24 * 30);
                if token.name.as_str() == "monthly-report" {
                    token.created = NOW - hours(age);
                }
            }
        }
        for token in audit01(&mut spec).tokens.iter_mut().flatten() {
            token.1.overlap = model::Overlap::of(SignedDuration::from_hours(overlap));
        }
        let expected: &[String] = if goes {
            std::slice::from_ref(&revoked)
        } else {
            &[]
        };
        assert_eq!(steps(&planned(&spec, &live)), expected, "{overlap} {age}");
    }
    // None is declared.
    let mut spec = guide();
    for token in audit01(&mut spec).tokens.iter_mut().flatten() {
        token.1.overlap = model::Overlap::of(SignedDuration::ZERO);
    }
    assert_eq!(
        steps(&planned(&spec, &live)),
        [create, format!("{revoked} < token/SA-001/monthly-report")]
    );
    // Nothing can be minted: what is used stays.
    let mut without = live.clone();
    without.stores.issuers.clear();
    assert!(planned(&guide(), &without).is_empty());
    // The successor's secret never reached the store.
    let scopes = ["sp:report:read", "sp:search:read"];
    add_token(&mut live, "monthly-report", &scopes);
    live.stores
        .lost_tokens
        .insert("token-monthly-report".into());
    assert_eq!(
        steps(&planned(&guide(), &live)),
        ["± token/SA-001/monthly-report"]
    );
    // A token of no declared name has no successor to wait for.
    let mut spec = guide();
    audit01(&mut spec).tokens = Some(model::TokenSpecs::new());
    assert_eq!(steps(&planned(&spec, &live)), [revoked]);
}

#[test]
fn of_several_accounts_of_one_name_none_is_granted_anything() {
    let mut spec = guide();
    spec.sources.insert(SOURCE.into(), SourceSpec::Unmanaged);
    audit01(&mut spec).row = None;
    let mut live = applied_tenant();
    live.levels
        .insert("identity-1".into(), Collection::Complete([].into()));
    accounts(&mut live).push(live_account("S-1-5", "audit01", "identity-2"));
    let plan = planned(&spec, &live);
    assert!(plan.is_empty(), "{:?}", steps(&plan));
    assert_eq!(
        blocked(&plan),
        ["levels/SA-001 Unread", "token/SA-001/monthly-report Unread"]
    );
    assert!(
        plan.blocked[0]
            .message
            .contains("several accounts are named audit01")
    );
}

#[test]
fn nobody_is_invited_on_a_partial_reading() {
    let mut live = applied_tenant();
    profile(&mut live).refresh_required = true;
    source_mut(&mut live).accounts = forbidden();
    let plan = planned(&guide(), &live);
    // Nor is anything processed: what is pending may be other user names.
    assert_eq!(steps(&plan), Vec::<String>::new());
}

#[test]
fn while_no_issuer_is_proven_nothing_undeclared_is_revoked() {
    let mut spec = guide();
    spec.policy.unmanaged_tokens = UnmanagedTokens::Revoke;
    let mut live = applied_tenant();
    register(&mut live);
    add_token(&mut live, "first", &["sp:my-personal-access-tokens:manage"]);
    let plan = planned(&spec, &live);
    assert!(plan.is_empty(), "{:?}", steps(&plan));
    assert_eq!(plan.unmanaged.len(), 1);
}

#[test]
fn a_row_of_a_person_goes_without_what_the_person_holds() {
    let mut spec = guide();
    managed(&mut spec).unmanaged = UnmanagedAccounts::Delete;
    managed(&mut spec).identity_profile = None;
    spec.accounts.clear();
    let mut live = applied_tenant();
    source_mut(&mut live).delete_threshold = Some(100);
    source_mut(&mut live).profile = Collection::Complete(None);
    add_token(&mut live, "by-hand", &[]);
    assert_eq!(steps(&planned(&spec, &live)), ["- account/SA-001 !"]);
    source_mut(&mut live).profile = forbidden();
    let plan = planned(&spec, &live);
    assert!(plan.is_empty(), "{:?}", steps(&plan));
    assert_eq!(blocked(&plan), ["account/SA-001 Unread"]);
}

#[test]
fn ten_tokens_are_the_most() {
    let mut live = applied_tenant();
    enroll(&mut live);
    for number in 1..=9 {
        add_token(&mut live, &format!("by-hand-{number}"), &[]);
    }
    assert_eq!(
        blocked(&planned(&guide(), &live)),
        ["token/SA-001/monthly-report NoTokenSlot"]
    );
}

#[test]
fn planner_08_a_token_takes_the_slot_that_the_same_plan_frees() {
    let (mut spec, mut live) = (guide(), applied_tenant());
    enroll(&mut live);
    for number in 1..=8 {
        add_token(&mut live, &format!("by-hand-{number}"), &[]);
    }
    add_token(&mut live, "old~retiring-20251231-235e", &[]);
    assert_eq!(
        steps(&planned(&spec, &live)),
        [
            "- token/SA-001/old~retiring-20251231-235e !",
            "+ token/SA-001/monthly-report < token/SA-001/old~retiring-20251231-235e",
        ]
    );
    // A free slot waits for nothing.
    if let Collection::Complete(tokens) = &mut live.tokens {
        tokens.retain(|token| token.name.as_str() != "by-hand-1");
    }
    assert_eq!(
        steps(&planned(&spec, &live)),
        [
            "- token/SA-001/old~retiring-20251231-235e !",
            "+ token/SA-001/monthly-report",
        ]
    );
    // One slot for two tokens: the second one is blocked.
    add_token(&mut live, "by-hand-1", &[]);
    let second = super::fixtures::token("second");
    let tokens = audit01(&mut spec).tokens.as_mut().unwrap();
    tokens.insert("second".into(), second);
    let plan = planned(&spec, &live);
    assert_eq!(plan.steps.len(), 2);
    assert_eq!(blocked(&plan), ["token/SA-001/second NoTokenSlot"]);
}

pub(crate) fn audit01(spec: &mut Spec) -> &mut model::AccountSpec {
    spec.accounts.get_mut("SA-001").unwrap()
}

pub(crate) fn token_spec(spec: &mut Spec) -> &mut model::TokenSpec {
    audit01(spec)
        .tokens
        .as_mut()
        .unwrap()
        .get_mut("monthly-report")
        .unwrap()
}

pub(crate) fn token_mut(live: &mut Live) -> &mut model::LiveToken {
    match &mut live.tokens {
        Collection::Complete(tokens) => tokens.last_mut().unwrap(),
        Collection::Partial { .. } => panic!("the fixture's tokens are complete"),
    }
}

pub(crate) fn accounts(live: &mut Live) -> &mut Vec<model::LiveAccount> {
    match &mut source_mut(live).accounts {
        Collection::Complete(accounts) => accounts,
        Collection::Partial { .. } => panic!("the fixture's accounts are complete"),
    }
}

pub(crate) fn schema(live: &mut Live) -> &mut model::LiveSchema {
    match &mut source_mut(live).schema {
        Collection::Complete(Some(schema)) => schema,
        _ => panic!("the fixture has a schema"),
    }
}

pub(crate) fn profile(live: &mut Live) -> &mut model::LiveProfile {
    match &mut source_mut(live).profile {
        Collection::Complete(Some(profile)) => profile,
        _ => panic!("the fixture has a profile"),
    }
}
