//! Tests of personal access tokens, OAuth clients and signing in.

use jiff::SignedDuration;
use serde_json::json;

use super::tenants::{registered, seconds, start};
use crate::errors::ControlError;
use crate::tenant::{GrantError, Tenant, TokenRequest};

#[test]
fn tokens_have_their_rules() {
    let (mut tenant, id) = registered("a");
    let later = "2026-06-01T00:00:00Z";
    for (body, expected) in [
        (json!({"name": "t", "expirationDate": later}), Ok(())),
        (json!({"name": "t", "expirationDate": later}), Err(400)),
        (json!({"name": "u"}), Err(400)),
        (
            json!({"name": "u", "userAwareTokenNeverExpires": true}),
            Ok(()),
        ),
        (
            json!({"name": "v", "expirationDate": "2025-01-01T00:00:00Z"}),
            Err(400),
        ),
        (json!({"name": "v", "expirationDate": "soon"}), Err(400)),
        (
            json!({"name": "v", "expirationDate": later, "accessTokenValiditySeconds": 14}),
            Err(400),
        ),
        (
            json!({"name": "v", "expirationDate": later, "accessTokenValiditySeconds": 43201}),
            Err(400),
        ),
        (json!({"name": "", "expirationDate": later}), Err(400)),
        (
            json!({"name": "w", "expirationDate": later, "scope": ["no:such:scope"]}),
            Ok(()),
        ),
    ] {
        let result = tenant
            .create_token(&id, &body)
            .map(|_| ())
            .map_err(|refusal| refusal.status);
        assert_eq!(result, expected, "{body}");
    }
    for number in 0..7 {
        tenant
            .create_token(
                &id,
                &json!({"name": number.to_string(), "expirationDate": later}),
            )
            .unwrap();
    }
    assert_eq!(
        tenant
            .create_token(&id, &json!({"name": "eleventh", "expirationDate": later}))
            .unwrap_err()
            .status,
        400
    );
}

#[test]
fn a_token_grants_until_it_expires_and_scopes_arrive_late() {
    let (mut tenant, id) = registered("a");
    let expires = tenant.now() + SignedDuration::from_hours(48);
    let body = json!({"name": "t", "scope": ["sp:report:read"], "expirationDate": expires.to_string(), "accessTokenValiditySeconds": 60});
    let token = tenant.create_token(&id, &body).unwrap();
    let secret = tenant.token(&token).unwrap().secret.clone();
    assert_eq!(
        tenant
            .grant_client_credentials(&token, "wrong")
            .unwrap_err(),
        GrantError::InvalidClient
    );
    assert_eq!(
        tenant
            .grant_client_credentials("nobody", &secret)
            .unwrap_err(),
        GrantError::InvalidClient
    );
    let granted = tenant.grant_client_credentials(&token, &secret).unwrap();
    assert_eq!(
        (granted.expires_in, granted.scopes.as_slice()),
        (60, ["sp:report:read".to_owned()].as_slice())
    );
    let caller = tenant.authenticate(&granted.token).unwrap();
    assert_eq!(caller.identity.as_deref(), Some(id.as_str()));
    assert!(
        tenant
            .authenticate(&granted.token.replace('.', ".."))
            .is_err()
    );
    let used = tenant.token(&token).unwrap().last_used;
    tenant.advance_by(seconds(61));
    assert_eq!(
        tenant.authenticate(&granted.token).unwrap_err(),
        "JWT validation failed: JWT is expired"
    );

    let mut wanted = tenant.token_wire(tenant.token(&token).unwrap());
    wanted["scope"] = json!(["sp:search:read"]);
    tenant.change_token(&token, &wanted).unwrap();
    assert_eq!(tenant.token(&token).unwrap().scopes, ["sp:search:read"]);
    assert_eq!(
        tenant
            .grant_client_credentials(&token, &secret)
            .unwrap()
            .scopes,
        ["sp:report:read"]
    );
    tenant.advance_by(SignedDuration::from_mins(21));
    assert_eq!(
        tenant
            .grant_client_credentials(&token, &secret)
            .unwrap()
            .scopes,
        ["sp:search:read"]
    );
    assert_eq!(
        tenant.token(&token).unwrap().last_used,
        used,
        "lastUsed is written once a day"
    );
    tenant.advance_by(SignedDuration::from_hours(25));
    let granted = tenant.grant_client_credentials(&token, &secret).unwrap();
    assert_ne!(tenant.token(&token).unwrap().last_used, used);
    tenant.delete_token(&token).unwrap();
    assert!(
        tenant.authenticate(&granted.token).is_err(),
        "a revoked token takes its access tokens along"
    );

    let token = tenant.create_token(&id, &body).unwrap();
    let secret = tenant.token(&token).unwrap().secret.clone();
    tenant.advance_by(SignedDuration::from_hours(48));
    assert_eq!(
        tenant
            .grant_client_credentials(&token, &secret)
            .unwrap_err(),
        GrantError::InvalidClient
    );
}

#[test]
fn only_the_registered_can_mint() {
    let mut tenant = Tenant::new(start());
    let request = TokenRequest {
        name: "t".into(),
        ..TokenRequest::default()
    };
    assert!(matches!(
        tenant.mint_personal_access_token_as_owner("svc-backup", request.clone()),
        Err(ControlError::NotRegistered(_))
    ));
    assert!(matches!(
        tenant.mint_personal_access_token_as_owner("nobody", request),
        Err(ControlError::UnknownPerson(_))
    ));
}

#[test]
fn a_browser_signs_in_with_a_proof_key() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use sha2::{Digest as _, Sha256};
    const VERIFIER: &str = "a-verifier-has-at-least-forty-three-characters";

    let (mut tenant, id) = registered("a");
    let client = tenant
        .create_oauth_client(&json!({
            "name": "enroll", "description": null, "accessTokenValiditySeconds": 600, "accessType": "OFFLINE", "enabled": true,
            "type": "PUBLIC", "grantTypes": ["AUTHORIZATION_CODE", "REFRESH_TOKEN"], "redirectUris": ["http://localhost:1/"],
        }))
        .unwrap();
    let challenge = Some(URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER)));
    let code = |tenant: &mut Tenant| {
        tenant
            .authorize("a", &client, "http://localhost:1/", challenge.clone())
            .unwrap()
    };
    let redeem = |tenant: &mut Tenant, code: &str, verifier: &str| {
        tenant.grant_authorization_code(&client, None, code, "http://localhost:1/", Some(verifier))
    };
    assert!(
        tenant
            .authorize("a", &client, "http://localhost:1/", None)
            .is_err(),
        "a public client needs a challenge"
    );
    assert!(
        tenant
            .authorize("a", &client, "http://elsewhere/", challenge.clone())
            .is_err()
    );
    let wrong = code(&mut tenant);
    assert_eq!(
        redeem(&mut tenant, &wrong, &"o".repeat(43)).unwrap_err(),
        GrantError::InvalidGrant
    );
    let late = code(&mut tenant);
    tenant.advance_by(seconds(61));
    assert_eq!(
        redeem(&mut tenant, &late, VERIFIER).unwrap_err(),
        GrantError::InvalidGrant
    );
    let good = code(&mut tenant);
    let granted = redeem(&mut tenant, &good, VERIFIER).unwrap();
    assert_eq!(granted.identity.as_deref(), Some(id.as_str()));
    assert_eq!(
        redeem(&mut tenant, &good, VERIFIER).unwrap_err(),
        GrantError::InvalidGrant,
        "a code is good once"
    );
    let refresh = granted.refresh_token.unwrap();
    let granted = tenant.grant_refresh(&client, None, &refresh).unwrap();
    assert_eq!(
        tenant.authenticate(&granted.token).unwrap().identity,
        Some(id)
    );
    assert_eq!(
        tenant.grant_refresh(&client, None, &refresh).unwrap_err(),
        GrantError::InvalidGrant
    );
}

#[test]
fn a_client_of_its_own_has_no_user() {
    let mut tenant = Tenant::new(start());
    let client = tenant
        .create_oauth_client(&json!({
            "name": "robot", "description": null, "accessTokenValiditySeconds": 600, "accessType": "OFFLINE", "enabled": true,
            "grantTypes": ["CLIENT_CREDENTIALS"], "scope": ["idn:accounts:read"],
        }))
        .unwrap();
    let secret = tenant.oauth_client(&client).unwrap().secret.clone();
    let granted = tenant.grant_client_credentials(&client, &secret).unwrap();
    assert!(granted.claims.get("user_name").is_none());
    assert_eq!(tenant.authenticate(&granted.token).unwrap().identity, None);
}
