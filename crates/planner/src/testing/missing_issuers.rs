//! Accounts whose tokens are all there, and whose issuer token is not: who acts, and by when.

use super::fixtures::{applied_tenant, enroll, guide};
use super::scenarios::{add_token, audit01, planned, token_mut, token_spec};
use jiff::SignedDuration;
use model::{
    Collection, DeliveryState, IdentityStatus, IssuerState, Live, RotateBefore, Rotation, Spec,
    Stage, StoreKey, StoredToken, TokenLifetime, Unasked, Who,
};

/// audit01 has its token, and the store has that token's secret and this for its issuer.
fn settled(issuer: Option<IssuerState>) -> Live {
    let mut live = applied_tenant();
    enroll(&mut live);
    add_token(
        &mut live,
        "monthly-report",
        &["sp:report:read", "sp:search:read"],
    );
    let stored = StoredToken::Present {
        client_id: "token-monthly-report".into(),
        says_own: true,
        rotation: 0,
        previous: None,
    };
    let tokens = live.stores.tokens.entry("SA-001".into()).or_default();
    tokens.insert("monthly-report".into(), stored);
    live.stores.issuers.clear();
    let issuer = issuer.map(|state| ("SA-001".into(), state));
    live.stores.issuers.extend(issuer);
    live
}

/// The guide, with a token that is replaced 14 days before its end.
fn rotating() -> Spec {
    let mut spec = guide();
    token_spec(&mut spec).rotate = Some(Rotation {
        before: RotateBefore::Time(SignedDuration::from_hours(14 * 24)),
        window: None,
        spread: SignedDuration::ZERO,
    });
    spec
}

#[test]
fn a_missing_issuer_waits_for_a_person_although_nothing_is_due() {
    let (holder, stage) = (
        Who::AccountHolder("audit01".into()),
        Some(Stage::Registered),
    );
    let mut lasting = guide();
    token_spec(&mut lasting).expires = TokenLifetime::Never;
    for (spec, first) in [
        (
            guide(),
            "the token monthly-report of audit01 expires on 2026-04-01; sign in",
        ),
        (
            rotating(),
            "the token monthly-report of audit01 is due for rotation on 2026-03-18; sign in",
        ),
        (
            lasting,
            "there is no issuer token at local:audit01/issuer; sign in",
        ),
    ] {
        let mut live = settled(Some(IssuerState::Absent));
        if token_spec(&mut spec.clone()).expires == TokenLifetime::Never {
            token_mut(&mut live).expires = None;
        }
        let plan = planned(&spec, &live);
        // Nothing has to change, and nothing is blocked.
        assert!(plan.is_empty() && plan.is_complete(), "{:?}", plan.blocked);
        assert_eq!(plan.deliveries[0].state, DeliveryState::Missing);
        let account = &plan.accounts[0];
        assert_eq!((account.stage, account.waits_for_a_person()), (stage, true));
        let next = account.next.as_ref().unwrap();
        assert_eq!(next.who, holder);
        assert!(next.what.contains(first), "{}", next.what);
        assert!(next.what.contains("`steersman enroll audit01`"));
    }
}

#[test]
fn each_state_of_the_place_has_its_next_action() {
    let why = || "no key".to_owned();
    for (state, who, said) in [
        (
            Some(IssuerState::Foreign { why: why() }),
            Some(Who::Operator),
            "declare another `issuer.key`",
        ),
        // What is not known is not missing.
        (Some(IssuerState::Unreadable { why: why() }), None, ""),
        (Some(IssuerState::NotAsked), None, ""),
        (None, None, ""),
    ] {
        for unasked in [Unasked::Blocked, Unasked::Assumed] {
            let mut live = settled(state.clone());
            live.stores.unasked = unasked;
            let plan = planned(&guide(), &live);
            assert!(plan.is_empty(), "{state:?}");
            let next = plan.accounts[0].next.as_ref();
            assert_eq!(next.map(|next| next.who.clone()), who, "{state:?}");
            assert!(next.is_none_or(|next| next.what.contains(said)), "{next:?}");
        }
    }
}

#[test]
fn a_missing_issuer_is_moved_back_where_the_journal_knows_it() {
    let mut live = settled(Some(IssuerState::Absent));
    let place = StoreKey {
        store: "old".into(),
        key: "audit01/issuer".to_owned(),
    };
    live.stores.issuers_elsewhere.insert("SA-001".into(), place);
    let next = planned(&guide(), &live).accounts[0].next.clone().unwrap();
    assert_eq!(next.who, Who::Operator);
    assert!(
        next.what.contains("`steersman store move --from old"),
        "{}",
        next.what
    );
}

#[test]
fn only_tokens_that_exist_wait_for_an_issuer_and_only_a_usable_identity_is_enrolled() {
    let mut none = guide();
    audit01(&mut none).tokens = Some(model::TokenSpecs::default());
    let plan = planned(&none, &settled(Some(IssuerState::Absent)));
    assert_eq!(plan.accounts[0].next, None);

    let mut live = settled(Some(IssuerState::Absent));
    if let Some(Collection::Complete(Some(identity))) = live.identities.get_mut("identity-1") {
        identity.status = IdentityStatus::Unusable("LOCKED".to_owned());
    }
    let plan = planned(&guide(), &live);
    assert!(plan.is_empty() && plan.is_complete());
    let next = plan.accounts[0].next.as_ref().unwrap();
    assert_eq!(next.who, Who::TenantAdmin);
    assert!(next.what.contains("is LOCKED"), "{}", next.what);
}
