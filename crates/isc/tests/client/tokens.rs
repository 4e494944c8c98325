//! Personal access tokens: minted, changed, revoked, and lost on the way.

use crate::tenant::{Tenant, admin, store_key};
use jiff::{SignedDuration, Timestamp};
use model::{IdentityId, NewToken, TenantErrorKind, TenantRead as _, TenantWrite as _};
use simulator::Fault;
use std::collections::BTreeSet;

fn in_days(tenant: &Tenant, days: i64) -> Timestamp {
    let later = tenant.running.now() + SignedDuration::from_hours(24 * days);
    Timestamp::from_second(later.as_second()).unwrap()
}

fn new_token(tenant: &Tenant, identity: &IdentityId, name: &str) -> NewToken {
    NewToken {
        account: "SA-001".into(),
        account_name: "audit01".into(),
        identity: identity.clone(),
        issuer: store_key(),
        name: name.into(),
        scopes: ["sp:report:read", "sp:search:read"].map(Into::into).into(),
        access_token_validity: Some(900),
        expires: Some(in_days(tenant, 90)),
        deliver: store_key(),
        form: model::DeliveredForm::Json,
        overwrites: None,
        rotation: 0,
        declared: model::Digest::of_bytes(b"declared"),
    }
}

#[tokio::test]
async fn tokens_are_minted_changed_and_revoked() {
    let tenant = Tenant::start(0).await;
    let writer = &tenant.writer;
    let identity = tenant.identity_of(&tenant.guide().await).await;
    let issuer = tenant.issuer(&identity).await;
    let behind = writer.identity_behind(&issuer).await.unwrap();
    assert_eq!(behind.as_ref(), Some(&identity));

    let mut new = new_token(&tenant, &identity, "monthly-report");
    let document = writer.mint_token(&issuer, &new).await.unwrap();
    assert_eq!(document.identity.as_ref(), Some(&identity));
    assert_eq!(document.expires, new.expires);
    assert_eq!(document.base_url, Some(tenant.running.base_url()));
    let works = writer.identity_behind(&document.credential).await.unwrap();
    assert_eq!(works.as_ref(), Some(&identity));
    let tokens = writer.tokens_of(&identity, None).await.unwrap();
    let minted = tokens.iter().find(|token| token.name == new.name).unwrap();
    assert_eq!(minted.id, document.credential.client_id);
    assert_eq!(minted.scopes, new.scopes);
    assert_eq!(minted.expires, new.expires);
    assert_eq!(minted.access_token_validity, Some(900));

    let id = &minted.id;
    let name = "monthly-report~retiring-20240101".into();
    let scopes = BTreeSet::from(["sp:report:read".into()]);
    let sooner = Some(Some(in_days(&tenant, 30)));
    writer
        .update_token(&issuer, id, Some(&name), Some(&scopes), sooner)
        .await
        .unwrap();
    let never = Some(None);
    writer
        .update_token(&issuer, id, None, None, never)
        .await
        .unwrap();
    let tokens = writer.tokens_of(&identity, None).await.unwrap();
    let changed = tokens.iter().find(|token| token.id == *id).unwrap();
    assert_eq!((&changed.name, &changed.scopes), (&name, &scopes));
    assert_eq!(changed.expires, None);

    writer.revoke_token(Some(&issuer), id).await.unwrap();
    new.expires = None;
    let document = writer.mint_token(&issuer, &new).await.unwrap();
    assert_eq!(document.expires, None);
    let id = &document.credential.client_id;
    writer.revoke_token(None, id).await.unwrap();
    let tokens = writer.tokens_of(&identity, None).await.unwrap();
    let names: Vec<&str> = tokens.iter().map(|token| token.name.as_str()).collect();
    assert_eq!(names, ["issuer"]);
}

#[tokio::test]
async fn tokens_belong_to_whom_their_issuer_belongs_to() {
    let tenant = Tenant::start(0).await;
    let writer = &tenant.writer;
    let identity = tenant.identity_of(&tenant.guide().await).await;
    let issuer = tenant.issuer(&identity).await;
    let new = new_token(&tenant, &identity, "report");
    let document = writer.mint_token(&issuer, &new).await.unwrap();

    let admin = admin(&tenant.running);
    let id = &document.credential.client_id;
    let name = "other".into();
    writer
        .update_token(&admin, id, Some(&name), None, None)
        .await
        .unwrap_err();
    let refused = writer.mint_token(&admin, &new).await.unwrap_err();
    assert!(
        matches!(refused.kind, TenantErrorKind::Forbidden { .. }),
        "{refused}"
    );
}

#[tokio::test]
async fn a_mint_that_may_have_happened_is_not_repeated() {
    let tenant = Tenant::start(0).await;
    let writer = &tenant.writer;
    let identity = tenant.identity_of(&tenant.guide().await).await;
    let issuer = tenant.issuer(&identity).await;
    for (name, fault, happened) in [
        ("after", Fault::ResetAfter, true),
        ("before", Fault::ResetBefore, false),
        ("truncated", Fault::TruncatedBody, true),
        ("malformed", Fault::MalformedJson, true),
    ] {
        tenant.faults(fault, "createPersonalAccessTokenV1", Some(1));
        let new = new_token(&tenant, &identity, name);
        let failed = writer.mint_token(&issuer, &new).await.unwrap_err();
        assert!(
            matches!(failed.kind, TenantErrorKind::Unknown { .. }),
            "{name}: {failed}"
        );
        let tokens = writer.tokens_of(&identity, None).await.unwrap();
        let there = tokens.iter().any(|token| token.name.as_str() == name);
        assert_eq!(there, happened, "{name}");
    }
    // What sets a state that others can change is left to whoever reads it again.
    tenant.faults(Fault::ResetAfter, "patchAuthUserV1", Some(1));
    let levels = BTreeSet::from(["REPORT_ADMIN".into()]);
    writer
        .set_user_levels(&identity, None, &levels, None)
        .await
        .unwrap();
}
