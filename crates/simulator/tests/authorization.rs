//! Authorization on the wire: access tokens, scopes, user levels, and signing in.

#![expect(clippy::expect_used, reason = "a test that cannot go on is to fail")]

#[expect(dead_code, reason = "other tests use more of it")]
mod support;

use jiff::SignedDuration;
use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use simulator::{Running, TokenRequest};
use support::{Caller, client, grant, manual, read};

/// Somebody registered, with a token of these scopes and these levels.
async fn service_account(
    simulator: &Running,
    admin: &Caller,
    scopes: &[&str],
    levels: &[&str],
) -> Caller {
    let (_, found) = admin
        .get("/identities/v1?filters=alias%20eq%20%22svc-backup%22")
        .await;
    admin
        .post("/identities/v1/invite", json!({"ids": [found[0]["id"]]}))
        .await;
    simulator
        .advance(SignedDuration::from_secs(3))
        .expect("the service account is made");
    let minted = simulator
        .with_tenant(|tenant| {
            tenant.register_person("svc-backup")?;
            tenant.set_levels_out_of_band(
                "svc-backup",
                levels.iter().map(|level| (*level).to_owned()).collect(),
            )?;
            let request = TokenRequest {
                name: "t".into(),
                scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
                ..TokenRequest::default()
            };
            tenant.mint_personal_access_token_as_owner("svc-backup", request)
        })
        .expect("the service account is made");
    Caller::with(simulator, &minted.id, minted.secret.expose_secret()).await
}

#[tokio::test]
async fn credentials_are_checked_and_denied_in_iscs_words() {
    let simulator = manual().await;
    let base = simulator.base_url();
    let wrong = grant(&base, simulator::ADMIN_CLIENT_ID, "wrong").await;
    assert_eq!(wrong.status(), 401);
    assert_eq!(
        wrong.json::<Value>().await.unwrap()["error"],
        "invalid_client"
    );
    for token in [None, Some("nonsense"), Some("a.b.c")] {
        let mut request = client().get(format!("{base}/sources/v1"));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let (status, body) = read(request.send().await.unwrap()).await;
        assert_eq!(status, 401);
        assert!(
            body["error"]
                .as_str()
                .unwrap()
                .starts_with("JWT validation failed"),
            "{body}"
        );
    }
    let admin = Caller::admin(&simulator).await;
    simulator.advance(SignedDuration::from_hours(13)).unwrap();
    let (status, body) = admin.get("/sources/v1").await;
    assert_eq!(
        (status, &body["error"]),
        (401, &json!("JWT validation failed: JWT is expired"))
    );
}

#[tokio::test]
async fn scopes_and_levels_are_both_needed() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let caller = service_account(
        &simulator,
        &admin,
        &["idn:sources:read", "idn:accounts:read"],
        &["SOURCE_ADMIN"],
    )
    .await;
    assert_eq!(caller.get("/sources/v1").await.0, 200);
    assert_eq!(
        caller.post("/sources/v1", json!({})).await.0,
        403,
        "the scope is only for reading"
    );
    assert_eq!(caller.get("/identities/v1").await.0, 403, "no such scope");
    assert_eq!(
        caller.get("/public-identities/v1").await.0,
        200,
        "what everybody may do needs no scope"
    );
    let (status, body) = caller.get("/identity-profiles/v1").await;
    assert_eq!(
        (status, &body["detailCode"]),
        (403, &json!("403 Forbidden"))
    );
    assert_eq!(
        body["messages"][0]["text"],
        "The server understood the request but refuses to authorize it."
    );
    simulator
        .with_tenant(|tenant| tenant.set_levels_out_of_band("svc-backup", Vec::new()))
        .unwrap();
    assert_eq!(
        caller.get("/sources/v1").await.0,
        403,
        "the scope has no effect without the level"
    );
}

#[tokio::test]
async fn what_is_not_simulated_says_so_after_the_authorization() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (status, body) = admin.get("/access-profiles/v1").await;
    assert_eq!(status, 501);
    assert!(
        body["messages"][0]["text"]
            .as_str()
            .unwrap()
            .contains("listAccessProfilesV1"),
        "{body}"
    );
    let caller = service_account(&simulator, &admin, &["idn:sources:read"], &[]).await;
    assert_eq!(caller.get("/access-profiles/v1").await.0, 403);
    assert_eq!(admin.get("/nothing/v1").await.0, 404);
    assert_eq!(admin.send(Method::DELETE, "/sources/v1", None).await.0, 405);
}

#[tokio::test]
async fn experimental_operations_demand_their_header() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let path = format!(
        "{}/authorization/v1/user-levels/ORG_ADMIN/identities",
        admin.base
    );
    let without = client()
        .get(&path)
        .bearer_auth(&admin.token)
        .send()
        .await
        .unwrap();
    assert_eq!(without.status(), 400);
    let (status, holders) = admin
        .get("/authorization/v1/user-levels/ORG_ADMIN/identities")
        .await;
    assert_eq!((status, &holders[0]["alias"]), (200, &json!("jane.doe")));
}

#[tokio::test]
async fn a_client_without_a_user_may_do_what_applications_may() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (status, made) = admin
        .post(
            "/oauth-clients/v1",
            json!({"name": "robot", "description": "d", "accessTokenValiditySeconds": 600, "accessType": "OFFLINE",
                "enabled": true, "grantTypes": ["CLIENT_CREDENTIALS"]}),
        )
        .await;
    assert_eq!(status, 200, "{made}");
    let robot = Caller::with(
        &simulator,
        made["id"].as_str().unwrap(),
        made["secret"].as_str().unwrap(),
    )
    .await;
    assert_eq!(robot.get("/accounts/v1").await.0, 200);
    for closed in [
        "/tenant/v1",
        "/identities/v1",
        "/personal-access-tokens/v1",
        "/oauth-clients/v1",
        "/public-identities/v1",
    ] {
        assert_eq!(robot.get(closed).await.0, 403, "{closed}");
    }
    // Open to applications, but there is nobody that "me" could be.
    let (status, body) = robot.get("/sources/v1?for-subadmin=me").await;
    assert_eq!(
        (status, &body["detailCode"]),
        (500, &json!("500.0 Internal Fault")),
        "{body}"
    );
}

#[tokio::test]
async fn others_tokens_can_be_seen_and_revoked_but_not_changed() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let caller = service_account(
        &simulator,
        &admin,
        &["sp:my-personal-access-tokens:manage"],
        &[],
    )
    .await;
    let (_, mine) = caller.get("/personal-access-tokens/v1?owner-id=me").await;
    let id = mine[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        caller.get("/personal-access-tokens/v1").await.0,
        403,
        "only administrators see all"
    );
    let (_, all) = admin.get("/personal-access-tokens/v1").await;
    assert_eq!(all.as_array().unwrap().len(), 2);
    let path = format!("/personal-access-tokens/v1/{id}");
    let rename = json!([{"op": "replace", "path": "/name", "value": "other"}]);
    assert_eq!(admin.patch(&path, rename.clone()).await.0, 403);
    let (status, renamed) = caller.patch(&path, rename).await;
    assert_eq!((status, &renamed["name"]), (200, &json!("other")));
    let validity = json!([{"op": "replace", "path": "/accessTokenValiditySeconds", "value": 60}]);
    assert_eq!(caller.patch(&path, validity).await.0, 400);
    assert_eq!(
        caller
            .delete(&format!(
                "/personal-access-tokens/v1/{}",
                simulator::ADMIN_CLIENT_ID
            ))
            .await
            .0,
        403
    );
    assert_eq!(admin.delete(&path).await.0, 204);
    assert_eq!(
        caller.get("/personal-access-tokens/v1?owner-id=me").await.0,
        401,
        "its access tokens went with it"
    );
}

#[tokio::test]
async fn a_browser_signs_in_and_comes_back_with_a_code() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (_, made) = admin
        .post(
            "/oauth-clients/v1",
            json!({"name": "enroll", "description": "d", "accessTokenValiditySeconds": 600, "accessType": "OFFLINE",
                "enabled": true, "type": "PUBLIC", "grantTypes": ["AUTHORIZATION_CODE"], "redirectUris": ["http://localhost:9/back"]}),
        )
        .await;
    let id = made["id"].as_str().unwrap();
    // The challenge of RFC 7636's example.
    let query = format!(
        "response_type=code&client_id={id}&redirect_uri=http%3A%2F%2Flocalhost%3A9%2Fback&state=s%261&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    );
    let browser = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let location =
        |answer: &reqwest::Response| answer.headers()["location"].to_str().unwrap().to_owned();
    let sent = browser
        .get(format!("{}/oauth/authorize?{query}", admin.base))
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 302);
    let page = browser
        .get(format!("{}{}", admin.base, location(&sent)))
        .send()
        .await
        .unwrap();
    assert!(page.text().await.unwrap().contains("as=jane.doe"));
    let back = browser
        .get(format!("{}{}&as=jane.doe", admin.base, location(&sent)))
        .send()
        .await
        .unwrap();
    let back = location(&back);
    let code = back
        .strip_prefix("http://localhost:9/back?code=")
        .unwrap()
        .strip_suffix("&state=s%261")
        .unwrap();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", id),
        ("code", code),
        ("redirect_uri", "http://localhost:9/back"),
        (
            "code_verifier",
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        ),
    ];
    let answer = browser
        .post(format!("{}/oauth/token", admin.base))
        .form(&form)
        .send()
        .await
        .unwrap();
    let (status, body) = read(answer).await;
    assert_eq!(status, 200, "{body}");
    assert!(body["access_token"].is_string() && body["identity_id"].is_string());
}
