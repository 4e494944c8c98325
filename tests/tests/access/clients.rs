//! An API client instead of a personal access token.

use crate::setting::{guide, run_as};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

#[test]
fn tenants_14_an_api_client_is_said_at_once() {
    let (mut world, tenant) = guide();
    let admin = tenant.simulator().admin_credentials();
    let token = tenant.sign_in(&admin.client_id, admin.client_secret.expose_secret());
    let _ = world.steersman("plan guide").exits(0);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let client: Value = runtime.block_on(async {
        tests::client()
            .post(format!(
                "{}/oauth-clients/v1",
                tenant.simulator().base_url()
            ))
            .bearer_auth(token)
            .json(&json!({
                "name": "pipeline", "description": "not a token", "type": "CONFIDENTIAL",
                "accessType": "OFFLINE", "enabled": true, "grantTypes": ["CLIENT_CREDENTIALS"],
                "accessTokenValiditySeconds": 750, "scope": ["sp:scopes:all"],
            }))
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap()
            .json()
            .await
            .unwrap()
    });
    let text = |name: &str| client[name].as_str().unwrap().to_owned();
    run_as(&mut world, (text("id"), text("secret")));
    let run = world.steersman("plan guide");
    let said = format!(
        "warning: SAIL_CLIENT_ID {} is an API client, not a personal access token",
        text("id")
    );
    assert!(run.stderr.contains(&said), "{}", run.shown());
    assert_ne!(run.code, 0, "{}", run.shown());
}
