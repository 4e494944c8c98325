//! Tokens changed in place, and revoked.

use crate::fake::{Fault, every_refusal, unknown};
use crate::plans::{With, plan, revoke, step};
use crate::world::{World, failure, is_stale, lines, local};
use model::{Fingerprint, Operation, Plan, StoreKey, TenantErrorKind, TokenChange};

/// An issuer, and a token `report`.
async fn world() -> (World, StoreKey, Fingerprint) {
    let world = World::new();
    let issuer = world.enroll("audit01", "issuer").await;
    let fingerprint = {
        let mut state = world.tenant.state();
        state
            .add_token("audit01", "report", &["sp:report:read"])
            .fingerprint()
    };
    (world, issuer, fingerprint)
}

fn changing(issuer: &StoreKey, fingerprint: &Fingerprint, change: TokenChange) -> Plan {
    let operation = Operation::UpdateToken {
        token: "pat-report".into(),
        issuer: issuer.clone(),
        change,
    };
    plan(vec![
        step("token/SA-001/report", operation).against(fingerprint.clone()),
    ])
}

fn scopes() -> TokenChange {
    TokenChange {
        scopes: Some(["sp:search:read".into()].into()),
        expires: None,
    }
}

fn never() -> TokenChange {
    TokenChange {
        scopes: None,
        expires: Some(None),
    }
}

#[tokio::test]
async fn scopes_and_end_are_changed_as_the_owner() {
    let (world, issuer, fingerprint) = world().await;
    assert_eq!(
        lines(
            &world
                .apply(&changing(&issuer, &fingerprint, scopes()))
                .await
        ),
        ["token/SA-001/report done (new scopes can take 20 minutes to reach new access tokens)"]
    );
    let fingerprint = world.tenant.state().tokens[1].fingerprint();
    assert_eq!(
        lines(&world.apply(&changing(&issuer, &fingerprint, never())).await),
        ["token/SA-001/report done"]
    );
    let state = world.tenant.state();
    assert_eq!(state.tokens[1].expires, None);
    assert_eq!(state.tokens[1].scopes, ["sp:search:read".into()].into());
}

#[tokio::test]
async fn a_token_that_is_not_as_it_was_planned_against_is_not_changed() {
    let (world, issuer, fingerprint) = world().await;
    world.tenant.state().tokens[1].expires = None;
    is_stale(
        &world,
        &world
            .apply(&changing(&issuer, &fingerprint, scopes()))
            .await,
    );
    let step = revoke("report").against(fingerprint.clone());
    is_stale(&world, &world.apply(&plan(vec![step])).await);
    world.tenant.state().tokens.pop();
    is_stale(
        &world,
        &world
            .apply(&changing(&issuer, &fingerprint, scopes()))
            .await,
    );
    let step = revoke("report").against(fingerprint);
    is_stale(&world, &world.apply(&plan(vec![step])).await);
}

#[tokio::test]
async fn a_token_of_another_owner_is_not_changed() {
    let (world, _, fingerprint) = world().await;
    let stranger = world.enroll("stranger", "other").await;
    is_stale(
        &world,
        &world
            .apply(&changing(&stranger, &fingerprint, scopes()))
            .await,
    );
    let nowhere = local("nowhere");
    let outcome = world
        .apply(&changing(&nowhere, &fingerprint, scopes()))
        .await;
    assert_eq!(
        failure(&outcome),
        "local:nowhere no longer has an issuer token"
    );
}

#[tokio::test]
async fn a_change_that_is_taken_and_not_made_is_found_out() {
    for change in [scopes(), never()] {
        let (world, issuer, fingerprint) = world().await;
        world.tenant.state().ignores_changes = true;
        let outcome = world.apply(&changing(&issuer, &fingerprint, change)).await;
        assert_eq!(
            failure(&outcome),
            "token/SA-001/report: ISC accepted the change without an error, but did not make it"
        );
    }
}

#[tokio::test]
async fn a_token_is_revoked_as_steersman() {
    let (world, _, fingerprint) = world().await;
    let step = revoke("report").against(fingerprint);
    assert_eq!(
        lines(&world.apply(&plan(vec![step])).await),
        ["token/SA-001/report done"]
    );
    assert_eq!(world.tenant.writes(), ["revoke_token pat-report"]);
    assert_eq!(world.tenant.state().token_names(), ["issuer"]);
}

#[tokio::test]
async fn failures_are_told() {
    for kind in every_refusal().into_iter().chain([unknown()]) {
        let (world, issuer, fingerprint) = world().await;
        world.tenant.on("update_token", Fault::Before(kind.clone()));
        let outcome = world
            .apply(&changing(&issuer, &fingerprint, scopes()))
            .await;
        assert_eq!(
            failure(&outcome),
            format!("update_token pat-report: {kind}")
        );

        world.tenant.on("revoke_token", Fault::Before(kind.clone()));
        let step = revoke("report").against(fingerprint);
        let outcome = world.apply(&plan(vec![step])).await;
        assert_eq!(
            failure(&outcome),
            format!("revoke_token pat-report: {kind}")
        );
    }
}

#[tokio::test]
async fn a_token_that_is_revoked_meanwhile_is_gone_as_planned() {
    let (world, _, fingerprint) = world().await;
    world.tenant.on(
        "revoke_token",
        Fault::After(TenantErrorKind::NotFound {
            text: "no such token".to_owned(),
            tracking_id: None,
        }),
    );
    let step = revoke("report").against(fingerprint);
    assert_eq!(
        lines(&world.apply(&plan(vec![step])).await),
        ["token/SA-001/report done (it was already revoked)"]
    );
}
