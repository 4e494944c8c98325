//! Scenarios of places: what the stores hold for tokens and issuers, and what is planned.

use super::fixtures::{NOW, SOURCE, account, applied_tenant, enroll, guide, live_account};
use super::scenarios::{
    accounts, add_token, audit01, blocked, planned, steps, token_mut, token_spec,
};
use jiff::SignedDuration;
use model::{
    DeliveryState, IssuerState, Live, Operation, Plan, Reason, Spec, Stage, StoreKey, StoredToken,
    TokenLifetime, Unasked, UnmanagedTokens, Who, retiring,
};

const SCOPES: [&str; 2] = ["sp:report:read", "sp:search:read"];

fn store(live: &mut Live, stored: StoredToken) {
    let tokens = live.stores.tokens.entry("SA-001".into()).or_default();
    tokens.insert("monthly-report".into(), stored);
}

fn present(id: &str, says_own: bool) -> StoredToken {
    StoredToken::Present {
        client_id: id.into(),
        says_own,
        rotation: 0,
        previous: None,
    }
}

/// audit01 is enrolled and has its token, and the store holds this for it.
fn delivered(stored: StoredToken) -> Live {
    let mut live = applied_tenant();
    enroll(&mut live);
    add_token(&mut live, "monthly-report", &SCOPES);
    store(&mut live, stored);
    live
}

fn states(plan: &Plan) -> Vec<DeliveryState> {
    plan.deliveries.iter().map(|report| report.state).collect()
}

#[test]
fn planner_17_a_delivery_is_planned_with_overlap_and_what_is_anothers_is_refused() {
    let elsewhere = StoredToken::Elsewhere {
        at: StoreKey {
            store: "local".into(),
            key: "old".to_owned(),
        },
        client_id: "token-monthly-report".into(),
        is_read: true,
    };
    let why = || "it is for https://other".to_owned();
    let replace = "± token/SA-001/monthly-report";
    let foreign = "token/SA-001/monthly-report ForeignSecret";
    for (stored, state, step, block) in [
        (
            present("token-monthly-report", false),
            DeliveryState::Delivered,
            None,
            None,
        ),
        (
            StoredToken::Absent,
            DeliveryState::Missing,
            Some((replace, Reason::DeliveryMissing)),
            None,
        ),
        (
            elsewhere,
            DeliveryState::Moved,
            Some((replace, Reason::DeliveryMoved)),
            None,
        ),
        (
            present("gone", true),
            DeliveryState::Stale,
            Some((replace, Reason::DeliveryMissing)),
            None,
        ),
        (
            present("gone", false),
            DeliveryState::Foreign,
            None,
            Some(foreign),
        ),
        // A token delivered over an issuer.
        (
            present("token-issuer", false),
            DeliveryState::Foreign,
            None,
            Some(foreign),
        ),
        (
            StoredToken::Foreign {
                why: why(),
                of: None,
            },
            DeliveryState::Foreign,
            None,
            Some(foreign),
        ),
        (
            StoredToken::Unreadable { why: why() },
            DeliveryState::Unreadable,
            None,
            Some("token/SA-001/monthly-report Unread"),
        ),
        (StoredToken::NotAsked, DeliveryState::NotAsked, None, None),
    ] {
        let live = delivered(stored.clone());
        let plan = planned(&guide(), &live);
        assert_eq!(
            states(&plan),
            [DeliveryState::Delivered, state],
            "{stored:?}"
        );
        let found: Vec<_> = plan
            .steps
            .iter()
            .map(|step| {
                let text = format!("{} {}", step.action.mark(), step.address);
                let Operation::ReplaceToken { retire_as, .. } = &step.operation else {
                    panic!("{step:?}");
                };
                assert!(retire_as.is_some(), "the old one is kept for its overlap");
                (text, step.reason)
            })
            .collect();
        let expected: Vec<_> = step
            .into_iter()
            .map(|(text, reason)| (text.to_owned(), reason))
            .collect();
        assert_eq!(found, expected, "{stored:?}");
        assert_eq!(
            blocked(&plan),
            block.into_iter().collect::<Vec<_>>(),
            "{stored:?}"
        );
    }
}

#[test]
fn planner_17_what_is_in_the_way_of_a_new_token_is_seen_before_it_is_created() {
    for (stored, step, block) in [
        (StoredToken::Absent, true, None),
        (present("gone", true), true, None),
        (present("gone", false), false, Some("ForeignSecret")),
        (
            StoredToken::Unreadable {
                why: "no key".to_owned(),
            },
            false,
            Some("Unread"),
        ),
        (StoredToken::NotAsked, false, Some("StoreNotAsked")),
    ] {
        let mut live = applied_tenant();
        enroll(&mut live);
        store(&mut live, stored.clone());
        let plan = planned(&guide(), &live);
        assert_eq!(!plan.is_empty(), step, "{stored:?}");
        let expected: Vec<String> = block
            .into_iter()
            .map(|reason| format!("token/SA-001/monthly-report {reason}"))
            .collect();
        assert_eq!(blocked(&plan), expected, "{stored:?}");
        // The exit code says that something could not be read.
        let is_unread = matches!(stored, StoredToken::Unreadable { .. });
        assert_eq!(plan.incomplete.contains_key("the store local"), is_unread);
    }
}

#[test]
fn planner_17_a_plan_that_is_only_shown_assumes_what_was_not_asked_and_says_so() {
    let mut live = applied_tenant();
    enroll(&mut live);
    live.stores
        .issuers
        .insert("SA-001".into(), IssuerState::NotAsked);
    store(&mut live, StoredToken::NotAsked);
    live.stores.unasked = Unasked::Assumed;
    let plan = planned(&guide(), &live);
    assert_eq!(steps(&plan), ["+ token/SA-001/monthly-report"]);
    let assumed: Vec<String> = plan.steps[0]
        .assuming
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(assumed, ["local:audit01/issuer", "local:monthly-report"]);
    assert!(plan.blocked.is_empty(), "{:?}", plan.blocked);

    // A token that exists is assumed to be delivered, so there is nothing to do.
    add_token(&mut live, "monthly-report", &SCOPES);
    assert!(planned(&guide(), &live).is_empty());

    // A replaced one is no longer needed, if its successor was delivered.
    add_token(&mut live, "monthly-report~retiring-20251231-92bd", &SCOPES);
    let plan = planned(&guide(), &live);
    assert_eq!(plan.steps.len(), 1);
    assert_eq!(plan.steps[0].assuming.len(), 1);
    live.stores.unasked = Unasked::Blocked;
    let plan = planned(&guide(), &live);
    assert!(plan.is_empty(), "{:?}", steps(&plan));
    assert_eq!(
        blocked(&plan),
        ["token/SA-001/monthly-report~retiring-20251231-92bd StoreNotAsked"]
    );
}

#[test]
fn planner_17_a_replaced_token_stays_while_its_successor_cannot_be_read_by_anybody() {
    let old = "monthly-report~retiring-20251231-92bd";
    for (stored, expected) in [
        (
            present("token-monthly-report", true),
            vec![format!("- token/SA-001/{old} !")],
        ),
        (
            StoredToken::Absent,
            // The overlap begins anew.
            vec!["± token/SA-001/monthly-report".to_owned()],
        ),
        (
            StoredToken::Unreadable {
                why: "no key".to_owned(),
            },
            Vec::new(),
        ),
        (present("gone", false), Vec::new()),
        (
            // It was delivered where it was declared before.
            StoredToken::Elsewhere {
                at: StoreKey {
                    store: "local".into(),
                    key: "old".to_owned(),
                },
                client_id: "token-monthly-report".into(),
                is_read: true,
            },
            vec![
                format!("- token/SA-001/{old} !"),
                "± token/SA-001/monthly-report".to_owned(),
            ],
        ),
    ] {
        let mut live = delivered(stored.clone());
        add_token(&mut live, old, &SCOPES);
        assert_eq!(steps(&planned(&guide(), &live)), expected, "{stored:?}");
    }
}

#[test]
fn planner_18_an_issuer_that_ends_is_told_before_and_blocked_after() {
    let day = |days: i64| Some(NOW + SignedDuration::from_hours(24 * days));
    let ends = |live: &mut Live, end| {
        if let model::Collection::Complete(tokens) = &mut live.tokens {
            tokens[0].expires = end;
        }
    };
    let mut live = delivered(present("token-monthly-report", true));
    for (end, said, by, stage) in [
        (day(31), None, None, Stage::Ready),
        (
            day(30),
            Some("expires on 2026-01-31"),
            day(30),
            Stage::Ready,
        ),
        (
            day(0),
            Some("expired on 2026-01-01"),
            None,
            Stage::Registered,
        ),
    ] {
        ends(&mut live, end);
        let plan = planned(&guide(), &live);
        assert!(plan.is_empty() && plan.is_complete());
        let account = &plan.accounts[0];
        assert_eq!(account.stage, Some(stage));
        let next = account.next.as_ref();
        assert_eq!(next.is_some(), said.is_some(), "{next:?}");
        if let (Some(next), Some(said)) = (next, said) {
            assert!(next.what.contains(said), "{}", next.what);
            assert!(next.what.contains("run `steersman enroll audit01`"));
            assert_eq!(next.who, Who::AccountHolder("audit01".into()));
            assert_eq!(next.by, by);
            // Only an end that is there holds something up.
            assert_eq!(account.waits_for_a_person(), by.is_none());
        }
    }
    assert_eq!(
        states(&planned(&guide(), &live)),
        [DeliveryState::Stale, DeliveryState::Delivered]
    );
    token_mut(&mut live).scopes.clear();
    let plan = planned(&guide(), &live);
    assert!(plan.is_empty());
    assert_eq!(blocked(&plan), ["token/SA-001/monthly-report NoIssuer"]);
    assert!(plan.blocked[0].message.contains("expired on 2026-01-01"));

    // Neither does a token that is no longer its owner's pass for an issuer.
    let mut live = delivered(present("token-monthly-report", true));
    live.stores.issuers.insert(
        "SA-001".into(),
        IssuerState::Present {
            client_id: "revoked".into(),
            origin: model::IssuerOrigin::Steersman {
                replaces: "enrolled".into(),
                rotation: 0,
            },
        },
    );
    let plan = planned(&guide(), &live);
    assert_eq!(plan.accounts[0].stage, Some(Stage::Registered));
    let next = plan.accounts[0].next.as_ref().unwrap();
    assert!(next.what.contains("is not a valid token"), "{}", next.what);
}

#[test]
fn planner_17_adopted_tokens_stay_until_their_account_is_enrolled() {
    let mut live = delivered(StoredToken::Absent);
    live.stores
        .issuers
        .insert("SA-001".into(), IssuerState::Absent);
    let plan = planned(&guide(), &live);
    assert!(plan.is_empty() && plan.is_complete(), "{:?}", plan.blocked);
    assert_eq!(
        states(&plan),
        [DeliveryState::Missing, DeliveryState::Missing]
    );
    let next = plan.accounts[0].next.as_ref().unwrap();
    assert!(next.what.contains("1 of its tokens"), "{}", next.what);
    assert!(next.what.contains("`steersman enroll audit01`"));
    // With the secret in its place nothing is replaced. The issuer token is missing still.
    store(&mut live, present("token-monthly-report", false));
    let plan = planned(&guide(), &live);
    assert!(plan.is_empty() && plan.is_complete(), "{:?}", plan.blocked);
    assert!(plan.accounts[0].waits_for_a_person());
}

#[test]
fn planner_15_a_lost_token_with_a_changed_key_overlaps() {
    let mut live = delivered(StoredToken::Absent);
    live.stores
        .lost_tokens
        .insert("token-monthly-report".into());
    let mut spec = guide();
    token_spec(&mut spec).deliver.key = "elsewhere".to_owned();
    let plan = planned(&spec, &live);
    assert_eq!(plan.steps[0].reason, Reason::SecretLost);
    let Operation::ReplaceToken { retire_as, new, .. } = &plan.steps[0].operation else {
        panic!("{:?}", plan.steps);
    };
    assert!(retire_as.is_some());
    assert_eq!(new.deliver.key, "elsewhere");
}

#[test]
fn planner_25_the_declared_overlap_is_that_of_a_token_that_never_ends() {
    let mut spec = guide();
    let token = token_spec(&mut spec);
    token.expires = TokenLifetime::Never;
    token.overlap = model::Overlap::of(SignedDuration::from_hours(24 * 7));
    token.access_token_validity = Some(900);
    let mut live = delivered(present("token-monthly-report", true));
    token_mut(&mut live).expires = None;
    let plan = planned(&spec, &live);
    let Operation::ReplaceToken {
        retire_as: Some(name),
        ..
    } = &plan.steps[0].operation
    else {
        panic!("{:?}", plan.steps);
    };
    let (_, until) = retiring::parse(name, &"token-monthly-report".into()).unwrap();
    assert_eq!(until, NOW + SignedDuration::from_hours(24 * 8));
}

#[test]
fn planner_22_a_replaced_token_does_not_outlive_its_declaration() {
    let name = |days: i64| {
        let at = NOW - SignedDuration::from_hours(24 * days);
        let (name, id) = ("monthly-report".into(), "old".into());
        retiring::name(&name, &id, at, model::Overlap::MIN)
    };
    let tenant = |name: &str| {
        let mut live = delivered(present("token-monthly-report", true));
        add_token(&mut live, name, &SCOPES);
        token_mut(&mut live).id = "old".into();
        live
    };
    let over = name(3);
    let without_tokens = |spec: &mut Spec| audit01(spec).tokens = None;
    // `tokens:` is left out of the account.
    for (name, expected) in [
        (over.as_str(), vec![format!("- token/SA-001/{over} !")]),
        (name(0).as_str(), Vec::new()),
        // No mark of steersman's: somebody else calls it so.
        ("monthly-report~retiring-20251201", Vec::new()),
        ("monthly-report~retiring-20251201-0000", Vec::new()),
    ] {
        let mut spec = guide();
        spec.policy.unmanaged_tokens = UnmanagedTokens::Report;
        without_tokens(&mut spec);
        assert_eq!(steps(&planned(&spec, &tenant(name))), expected, "{name}");
    }
    // Another account of the identity says which tokens it has, and plans them.
    let mut spec = guide();
    without_tokens(&mut spec);
    let mut second = account("SA-002", "audit02");
    second.user_levels = None;
    spec.accounts.insert("SA-002".into(), second);
    let mut live = tenant(over.as_str());
    accounts(&mut live).push(live_account("SA-002", "audit02", "identity-1"));
    let plan = planned(&spec, &live);
    let revoked = steps(&plan)
        .iter()
        .filter(|step| step.contains(over.as_str()))
        .count();
    assert!(revoked <= 1, "{:?}", steps(&plan));

    // The account is left out of the files.
    let mut spec = guide();
    spec.accounts.clear();
    spec.accounts
        .insert("SA-009".into(), account("SA-009", "audit09"));
    let plan = planned(&spec, &tenant(over.as_str()));
    let unmanaged: Vec<String> = plan
        .unmanaged
        .iter()
        .map(|unmanaged| unmanaged.address.to_string())
        .collect();
    assert_eq!(
        unmanaged,
        ["account/SA-001".to_owned(), format!("token/SA-001/{over}")]
    );
    assert_eq!(plan.unmanaged[0].source, Some(SOURCE.into()));
}
