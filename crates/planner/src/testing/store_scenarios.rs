//! Scenarios of stores that are not asked, foreign or unreadable, and of lost secrets.

use super::fixtures::{applied_tenant, enroll, guide};
use super::scenarios::{add_token, blocked, planned, steps};
use model::{IssuerState, Live, UnmanagedTokens};

#[test]
fn security_m1_a_token_whose_secret_was_lost_overlaps_with_its_successor() {
    let mut live = applied_tenant();
    enroll(&mut live);
    add_token(&mut live, "monthly-report", &[]);
    live.stores
        .lost_tokens
        .insert("token-monthly-report".into());
    let retires_as = |live: &Live| match &planned(&guide(), live).steps[0].operation {
        model::Operation::ReplaceToken { retire_as, .. } => retire_as.clone(),
        other => panic!("{other:?}"),
    };
    let first = retires_as(&live).unwrap();
    assert!(first.as_str().starts_with("monthly-report~retiring-"));
    // A run that was killed twice on one day left a token of that name, and its
    // successor without a secret.
    add_token(&mut live, first.as_str(), &[]);
    if let model::Collection::Complete(tokens) = &mut live.tokens {
        for token in tokens
            .iter_mut()
            .filter(|token| token.name == "monthly-report".into())
        {
            token.id = "token-2".into();
        }
    }
    live.stores.lost_tokens.insert("token-2".into());
    let second = retires_as(&live).unwrap();
    assert_ne!(second, first);
    // Without a free slot it is blocked, not revoked.
    for number in 1..=7 {
        add_token(&mut live, &format!("by-hand-{number}"), &[]);
    }
    let plan = planned(&guide(), &live);
    assert_eq!(blocked(&plan), ["token/SA-001/monthly-report NoTokenSlot"]);
}

#[test]
fn security_h1b_a_store_that_was_not_asked_is_not_an_empty_one() {
    let mut spec = guide();
    spec.policy.unmanaged_tokens = UnmanagedTokens::Revoke;
    let mut live = applied_tenant();
    enroll(&mut live);
    live.stores
        .issuers
        .insert("SA-001".into(), IssuerState::NotAsked);
    let plan = planned(&spec, &live);
    assert!(plan.is_empty(), "{:?}", steps(&plan));
    assert_eq!(
        blocked(&plan),
        [
            "token/SA-001/issuer StoreNotAsked",
            "token/SA-001/monthly-report StoreNotAsked"
        ]
    );
    assert!(
        plan.blocked[1]
            .message
            .contains("the store `local` was not asked")
    );
    assert!(plan.blocked[1].remedy.contains("--allow-commands"));
    assert!(plan.incomplete.is_empty(), "the exit code is unaffected");

    // A secret cannot be delivered to it, either.
    let mut live = applied_tenant();
    enroll(&mut live);
    live.stores.not_asked.insert("local".into());
    assert_eq!(
        blocked(&planned(&guide(), &live)),
        ["token/SA-001/monthly-report StoreNotAsked"]
    );
}

#[test]
fn security_m8_a_foreign_secret_is_no_issuer() {
    let mut live = applied_tenant();
    enroll(&mut live);
    live.stores.issuers.insert(
        "SA-001".into(),
        IssuerState::Foreign {
            why: "it is for https://other, this is https://acme".to_owned(),
        },
    );
    let plan = planned(&guide(), &live);
    assert_eq!(
        blocked(&plan),
        ["token/SA-001/monthly-report ForeignSecret"]
    );
    assert!(plan.blocked[0].message.contains("https://other"));
}

#[test]
fn apply_06_a_store_that_cannot_be_read_makes_the_plan_incomplete() {
    let mut live = applied_tenant();
    enroll(&mut live);
    add_token(&mut live, "monthly-report", &[]);
    live.stores.issuers.insert(
        "SA-001".into(),
        IssuerState::Unreadable {
            why: "no key".to_owned(),
        },
    );
    let plan = planned(&guide(), &live);
    let why = &plan.incomplete["the store local"];
    assert_eq!(why.to_string(), "the store could not be read: no key");
}
