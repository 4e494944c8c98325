//! The list of tokens: what each token is to its account, also where not all was read.

use crate::testing::fixtures::{
    NOW, account, applied_tenant, enroll, forbidden, guide, live_account, live_token, source_mut,
};
use crate::{Allowances, Missing, Standing, Stop, plan, stop_plan, token_list};
use model::{
    Collection, IssuerOrigin, IssuerState, Live, LiveToken, Operation, Reason, Spec, retiring,
};

/// The tokens of a spec and a tenant as `ACCOUNT NAME STANDING`.
fn rows(spec: &Spec, live: &Live) -> Vec<String> {
    let whole = plan(spec, live, NOW, &Allowances::default());
    let list = token_list(spec, live, &whole);
    let standing = |standing: &Standing| match standing {
        Standing::Declared => "declared".to_owned(),
        Standing::Issuer => "issuer".to_owned(),
        Standing::Retiring { of, .. } => format!("retiring {of}"),
        Standing::Undeclared => "undeclared".to_owned(),
        Standing::MayBeIssuer => "undeclared or issuer".to_owned(),
        Standing::OfSailPoint => "of SailPoint".to_owned(),
        Standing::Missing(Missing::Planned) => "planned".to_owned(),
        Standing::Missing(Missing::Blocked { .. }) => "blocked".to_owned(),
        Standing::Missing(Missing::NotPlanned) => "not planned".to_owned(),
        Standing::Unread { .. } => "unread".to_owned(),
    };
    let tokens = list.tokens.iter();
    tokens
        .map(|token| {
            format!(
                "{} {} {}",
                token.account,
                token.name_or_issuer(),
                standing(&token.standing)
            )
        })
        .collect()
}

fn add(live: &mut Live, token: LiveToken) {
    if let Collection::Complete(tokens) = &mut live.tokens {
        tokens.push(token);
    }
}

/// audit01 is enrolled, and has a token of each kind.
fn tenant() -> Live {
    let mut live = applied_tenant();
    enroll(&mut live);
    add(
        &mut live,
        live_token("by-hand", "identity-1", &["sp:search:read"]),
    );
    add(
        &mut live,
        live_token("second-issuer", "identity-1", &[LiveToken::ISSUER_SCOPE]),
    );
    let mut old = live_token("old", "identity-1", &[]);
    let overlap = jiff::SignedDuration::from_hours(24);
    old.name = retiring::name(&"monthly-report".into(), &old.id, NOW, overlap);
    add(&mut live, old);
    let mut workflow = live_token("workflow", "identity-1", &[]);
    workflow.managed = true;
    add(&mut live, workflow);
    add(&mut live, live_token("of-a-person", "identity-9", &[]));
    live
}

/// The rows, with one name for the retiring token.
fn named(spec: &Spec, live: &Live) -> Vec<String> {
    let rows = rows(spec, live).into_iter();
    rows.map(
        |row| match (row.find(retiring::MARK), row.find(" retiring")) {
            (Some(mark), Some(end)) => format!("{}~{}", &row[..mark], &row[end..]),
            _ => row,
        },
    )
    .collect()
}

#[test]
fn each_token_of_the_account_and_none_of_another() {
    let (spec, mut live) = (guide(), tenant());
    assert_eq!(
        named(&spec, &live),
        [
            "SA-001 monthly-report planned",
            "SA-001 issuer issuer",
            "SA-001 by-hand undeclared",
            "SA-001 second-issuer undeclared",
            "SA-001 monthly-report~ retiring monthly-report",
            "SA-001 workflow of SailPoint",
        ]
    );
    let scopes = ["sp:report:read", "sp:search:read"];
    add(
        &mut live,
        live_token("monthly-report", "identity-1", &scopes),
    );
    assert_eq!(rows(&spec, &live)[0], "SA-001 monthly-report declared");
    live.stores
        .issuers
        .insert("SA-001".into(), IssuerState::Absent);
    let found = named(&spec, &live);
    assert_eq!(found[1], "SA-001 issuer blocked");
    assert_eq!(found[2], "SA-001 issuer undeclared");
}

#[test]
fn a_declared_token_in_the_place_of_the_issuer_is_listed_once() {
    let (spec, mut live) = (guide(), tenant());
    let scopes = ["sp:report:read", "sp:search:read"];
    let token = live_token("monthly-report", "identity-1", &scopes);
    let client_id = token.id.clone();
    add(&mut live, token);
    live.stores.issuers.insert(
        "SA-001".into(),
        IssuerState::Present {
            client_id,
            origin: IssuerOrigin::Person,
        },
    );
    assert_eq!(
        named(&spec, &live)[..3],
        [
            "SA-001 monthly-report declared",
            "SA-001 issuer blocked",
            "SA-001 issuer undeclared",
        ]
    );
}

#[test]
fn what_was_not_read_is_not_absent() {
    let (spec, mut live) = (guide(), tenant());
    live.stores
        .issuers
        .insert("SA-001".into(), IssuerState::NotAsked);
    let found = named(&spec, &live);
    assert_eq!(found[1], "SA-001 issuer unread");
    // Either may be the one that the store has.
    assert_eq!(found[2], "SA-001 issuer undeclared or issuer");
    assert_eq!(found[4], "SA-001 second-issuer undeclared or issuer");
    assert_eq!(found[3], "SA-001 by-hand undeclared");
    let mut live = tenant();
    live.tokens = forbidden();
    assert_eq!(
        rows(&spec, &live),
        ["SA-001 monthly-report unread", "SA-001 issuer unread"]
    );
    let mut live = tenant();
    source_mut(&mut live).accounts = forbidden();
    assert_eq!(rows(&spec, &live)[0], "SA-001 monthly-report unread");
    let whole = plan(&spec, &live, NOW, &Allowances::default());
    assert!(!token_list(&spec, &live, &whole).incomplete.is_empty());
}

#[test]
fn a_token_of_a_shared_identity_is_listed_once() {
    let (mut spec, mut live) = (guide(), tenant());
    let mut second = account("SA-000", "backup00");
    second.tokens = Some(model::TokenSpecs::new());
    second.issuer = None;
    second.identity = Some("identity-1".into());
    spec.accounts.insert(second.key.clone(), second);
    if let Collection::Complete(accounts) = &mut source_mut(&mut live).accounts {
        accounts.push(live_account("SA-000", "backup00", "identity-1"));
    }
    let found = named(&spec, &live);
    assert!(
        found.contains(&"SA-001 monthly-report planned".to_owned()),
        "{found:?}"
    );
    assert!(
        found.contains(&"SA-001 issuer issuer".to_owned()),
        "{found:?}"
    );
    let by_hand: Vec<_> = found.iter().filter(|row| row.contains("by-hand")).collect();
    assert_eq!(by_hand, ["SA-000 by-hand undeclared"], "{found:?}");
}

#[test]
fn a_plan_that_stops_tokens_does_nothing_else() {
    let (spec, mut live) = (guide(), tenant());
    let allow = Allowances::default();
    for (issuer, as_owner) in [(true, true), (false, false)] {
        if !issuer {
            live.stores
                .issuers
                .insert("SA-001".into(), IssuerState::Absent);
        }
        let whole = plan(&spec, &live, NOW, &allow);
        let list = token_list(&spec, &live, &whole);
        let by_hand = |name: &str| {
            let mut tokens = list.tokens.iter();
            tokens
                .find(|token| token.name_or_issuer().as_str() == name)
                .unwrap()
        };
        let chosen = [by_hand("by-hand")];
        let disable = stop_plan(
            &spec,
            &live,
            &whole,
            (&list, &chosen),
            Stop::Disable,
            &allow,
        );
        let [step] = disable.steps.as_slice() else {
            panic!("{:?}", disable.steps);
        };
        assert_eq!(step.reason, Reason::Requested);
        assert!(step.destructive && step.rests_on.is_some());
        let Operation::DisableToken { issuer, .. } = &step.operation else {
            panic!("{step:?}");
        };
        assert_eq!(issuer.is_some(), as_owner);
        let revoke = Stop::Revoke { declared: false };
        let revoke = stop_plan(&spec, &live, &whole, (&list, &chosen), revoke, &allow);
        assert!(matches!(
            revoke.steps[0].operation,
            Operation::RevokeToken { .. }
        ));
        assert!(revoke.is_applyable());
    }
}
