//! The steps of SailPoint's service account guide, over HTTP, and what the next callers see.

#[expect(dead_code, reason = "other tests use more of it")]
mod support;

use jiff::SignedDuration;
use secrecy::ExposeSecret as _;
use serde_json::json;
use simulator::{RequestFilter, TokenRequest};
use support::{Caller, grant, manual};

const CSV: &str =
    "id,name,e-mail,purpose\nSA-001,audit01,iam@example.com,Automate monthly audit report\n";

#[tokio::test]
async fn from_a_source_to_a_token_that_works() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let (source, profile) = admin.guide_source().await;

    let header = admin.request(
        reqwest::Method::GET,
        &format!("/sources/v1/{source}/schemas/accounts"),
    );
    let header = header.send().await.unwrap();
    assert_eq!(header.headers()["content-type"], "text/csv");
    assert_eq!(header.text().await.unwrap(), "id,name,e-mail,purpose\n");

    let (status, task) = admin.import(&source, CSV).await;
    assert_eq!(status, 202, "{task}");
    assert!(task["task"]["created"].is_i64());
    let task = format!("/task-status/v1/{}", task["task"]["id"].as_str().unwrap());
    let (_, running) = admin.get(&task).await;
    assert!(running["completed"].is_null() && running["completionStatus"].is_null());
    simulator.advance(SignedDuration::from_secs(4)).unwrap();
    let (_, done) = admin.get(&task).await;
    assert_eq!(done["completionStatus"], "SUCCESS", "{done}");

    let path = format!("/accounts/v1?filters=sourceId%20eq%20%22{source}%22&count=true");
    let accounts = admin
        .request(reqwest::Method::GET, &path)
        .send()
        .await
        .unwrap();
    assert_eq!(accounts.headers()["x-total-count"], "1");
    let accounts: serde_json::Value = accounts.json().await.unwrap();
    assert_eq!(accounts[0]["nativeIdentity"], "SA-001");
    assert_eq!(accounts[0]["name"], "audit01");
    assert_eq!(accounts[0]["uncorrelated"], true);

    simulator.advance(SignedDuration::from_secs(6)).unwrap();
    let (_, found) = admin
        .get("/identities/v1?filters=alias%20eq%20%22audit01%22")
        .await;
    assert_eq!(found[0]["identityStatus"], "UNREGISTERED");
    let id = found[0]["id"].as_str().unwrap().to_owned();
    let (_, profile) = admin.get(&format!("/identity-profiles/v1/{profile}")).await;
    assert_eq!(
        (
            &profile["identityCount"],
            &profile["identityRefreshRequired"]
        ),
        (&json!(1), &json!(false))
    );

    let (status, level) = admin
        .patch(
            &format!("/auth-users/v1/{id}"),
            json!([{"op": "replace", "path": "/capabilities", "value": ["REPORT_ADMIN"]}]),
        )
        .await;
    assert_eq!(
        (status, &level["capabilities"]),
        (200, &json!(["REPORT_ADMIN"]))
    );

    let (status, _) = admin
        .post("/identities/v1/invite", json!({"ids": [id]}))
        .await;
    assert_eq!(status, 202);
    simulator.advance(SignedDuration::from_secs(3)).unwrap();
    let (_, invited) = admin.get(&format!("/identities/v1/{id}")).await;
    assert_eq!(invited["identityStatus"], "PENDING");

    simulator
        .with_tenant(|tenant| tenant.register_person("audit01"))
        .unwrap();
    let issuer = simulator
        .with_tenant(|tenant| {
            let request = TokenRequest {
                name: "issuer".into(),
                scopes: vec!["sp:my-personal-access-tokens:manage".into()],
                ..TokenRequest::default()
            };
            tenant.mint_personal_access_token_as_owner("audit01", request)
        })
        .unwrap();
    let account = Caller::with(&simulator, &issuer.id, issuer.secret.expose_secret()).await;
    let (status, minted) = account
        .post(
            "/personal-access-tokens/v1",
            json!({"name": "monthly-report", "scope": ["sp:report:read", "sp:search:read"],
                "expirationDate": "2199-01-01T00:00:00.000Z", "accessTokenValiditySeconds": 900}),
        )
        .await;
    assert_eq!(status, 200, "{minted}");
    let answer = grant(
        &simulator.base_url(),
        minted["id"].as_str().unwrap(),
        minted["secret"].as_str().unwrap(),
    )
    .await;
    let access: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(access["expires_in"], 900);
    let (status, tokens) = admin
        .get(&format!("/personal-access-tokens/v1?owner-id={id}"))
        .await;
    assert_eq!(status, 200);
    assert!(
        tokens
            .as_array()
            .unwrap()
            .iter()
            .all(|token| token.get("secret").is_none())
    );

    let filter = RequestFilter {
        operation: Some("importAccountsV1".into()),
        ..RequestFilter::default()
    };
    assert_eq!(simulator.requests(&filter).len(), 1);
    simulator.shutdown().await.unwrap();
}

#[tokio::test]
async fn an_accelerated_clock_needs_no_help() {
    let simulator = simulator::start(simulator::Config::default())
        .await
        .unwrap();
    let admin = Caller::admin(&simulator).await;
    let (source, _) = admin.guide_source().await;
    admin.import(&source, CSV).await;
    let waited = tokio::time::timeout(std::time::Duration::from_secs(10), async {
        loop {
            let (_, found) = admin
                .get("/identities/v1?filters=alias%20eq%20%22audit01%22")
                .await;
            if found.as_array().is_some_and(|found| !found.is_empty()) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    });
    waited.await.expect("the identity appears by itself");
}
