//! Stories of a tenant without any HTTP.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::authentication::GrantError;
use super::{Completion, IdentityStatus, Tenant, TokenRequest};
use crate::errors::ControlError;

const HEADER: &str = "id,name,e-mail,purpose\n";

fn start() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

/// A tenant with a delimited file source that has the guide's schema.
fn with_source() -> (Tenant, String) {
    let mut tenant = Tenant::new(start());
    let owner = tenant.admin_identity();
    let body = json!({"name": "Service Accounts", "owner": {"type": "IDENTITY", "id": owner}, "connector": "delimited-file"});
    let source = tenant.create_source(&body, true).unwrap();
    tenant
        .upload_schema(
            &source,
            "account",
            &["id", "name", "e-mail", "purpose"].map(str::to_owned),
        )
        .unwrap();
    (tenant, source)
}

fn profile_body(source: &str, uid: &str) -> Value {
    let mapping = |identity: &str, account: &str| {
        super::records::account_mapping(identity, source, "Service Accounts", account)
    };
    json!({
        "name": "Service Accounts",
        "authoritativeSource": {"type": "SOURCE", "id": source},
        "identityAttributeConfig": {"enabled": true, "attributeTransforms": [
            mapping("uid", uid), mapping("email", "e-mail"), mapping("lastname", "name"), mapping("firstname", "name"),
        ]},
    })
}

/// Like [`with_source`], with a profile over it.
fn with_profile() -> (Tenant, String, String) {
    let (mut tenant, source) = with_source();
    let profile = tenant
        .create_profile(&profile_body(&source, "name"))
        .unwrap();
    (tenant, source, profile)
}

fn csv(names: &[&str]) -> String {
    let rows = names
        .iter()
        .map(|name| format!("ID-{name},{name},{name}@example.com,for {name}\n"));
    HEADER.to_owned() + &rows.collect::<String>()
}

/// Imports and waits for the end: how it ended.
fn import(tenant: &mut Tenant, source: &str, text: &str) -> Completion {
    let task = tenant
        .submit_aggregation("jane.doe", source, Some(text.as_bytes()))
        .unwrap();
    assert!(tenant.task(&task).unwrap().is_running());
    tenant.advance_by(seconds(4));
    tenant.task(&task).unwrap().completion.unwrap()
}

fn natives(tenant: &Tenant, source: &str) -> Vec<String> {
    tenant
        .accounts
        .of_source(source)
        .map(|account| account.native_identity.clone())
        .collect()
}

/// Somebody registered, from import to registration.
fn registered(name: &str) -> (Tenant, String) {
    let (mut tenant, source, _) = with_profile();
    import(&mut tenant, &source, &csv(&[name]));
    tenant.advance_by(seconds(6));
    let id = tenant.find_person(name).unwrap();
    tenant
        .submit_invitation("jane.doe", &json!({"ids": [id]}))
        .unwrap();
    tenant.advance_by(seconds(3));
    assert_eq!(tenant.register_person(name).unwrap(), id);
    (tenant, id)
}

#[test]
fn a_new_tenant_has_its_administrator_and_an_example() {
    let tenant = Tenant::new(start());
    let admin = tenant.identity(&tenant.admin_identity()).unwrap();
    assert_eq!(
        (admin.name.as_str(), admin.status),
        ("Jane Doe", IdentityStatus::Active)
    );
    for name in ["svc-backup", "svc-monitor", "svc-deploy"] {
        assert!(tenant.find_person(name).is_ok(), "{name}");
    }
    assert_eq!(tenant.next_event(), None, "nothing is under way");
}

#[test]
fn an_import_is_the_full_state() {
    let (mut tenant, source) = with_source();
    assert_eq!(
        import(&mut tenant, &source, &csv(&["a", "b"])),
        Completion::Success
    );
    let kept = tenant
        .accounts
        .by_native_identity(&source, "ID-a")
        .unwrap()
        .clone();
    // Half of the accounts would go, which the threshold of ten percent does not allow.
    assert_eq!(
        import(&mut tenant, &source, &csv(&["a", "c"])),
        Completion::Warning
    );
    assert_eq!(natives(&tenant, &source), ["ID-a", "ID-b", "ID-c"]);
    let mut wanted = tenant.source_wire(tenant.source(&source).unwrap());
    wanted["deleteThreshold"] = json!(100);
    tenant.change_source(&source, &wanted).unwrap();
    assert_eq!(
        import(&mut tenant, &source, &csv(&["a", "c"])),
        Completion::Success
    );
    assert_eq!(natives(&tenant, &source), ["ID-a", "ID-c"]);
    assert_eq!(
        *tenant.accounts.by_native_identity(&source, "ID-a").unwrap(),
        kept,
        "what is the same is not touched"
    );
}

#[test]
fn the_threshold_is_told_twice_and_stays_the_same() {
    let (mut tenant, source) = with_source();
    let change = |tenant: &mut Tenant, pointer: &str, value: i64| {
        let mut wanted = tenant.source_wire(tenant.source(&source).unwrap());
        *wanted.pointer_mut(pointer).unwrap() = json!(value);
        tenant.change_source(&source, &wanted).unwrap();
        let wire = tenant.source_wire(tenant.source(&source).unwrap());
        (
            wire["deleteThreshold"].as_i64().unwrap(),
            wire["connectorAttributes"]["deleteThresholdPercentage"]
                .as_i64()
                .unwrap(),
        )
    };
    assert_eq!(change(&mut tenant, "/deleteThreshold", 30), (30, 30));
    assert_eq!(
        change(
            &mut tenant,
            "/connectorAttributes/deleteThresholdPercentage",
            40
        ),
        (40, 40)
    );
}

#[test]
fn rows_with_the_same_id_are_one_account_and_rows_without_are_none() {
    let (mut tenant, source) = with_source();
    let text = format!("{HEADER}1,a,,first\n1,,a@example.com,second\n,nobody,,\n");
    assert_eq!(import(&mut tenant, &source, &text), Completion::Warning);
    let account = tenant.accounts.by_native_identity(&source, "1").unwrap();
    assert_eq!(account.name, "a");
    assert_eq!(account.attributes["e-mail"], "a@example.com");
    assert_eq!(account.attributes["purpose"], "second");
    assert_eq!(natives(&tenant, &source), ["1"]);
}

#[test]
fn a_header_that_is_not_the_schemas_is_refused_by_its_columns() {
    let (mut tenant, source) = with_source();
    for (header, reasons) in [
        ("id,name,e-mail", vec!["missing columns: purpose"]),
        ("id,name,e-mail,purpose,team", vec!["unknown columns: team"]),
        (
            "id,name,email,purpose",
            vec!["unknown columns: email", "missing columns: e-mail"],
        ),
        ("id,name,e-mail,purpose,name", vec!["twice"]),
        (
            "\u{feff}id,name,e-mail,purpose",
            vec!["missing columns: id"],
        ),
    ] {
        let refusal = tenant
            .submit_aggregation("jane.doe", &source, Some(header.as_bytes()))
            .unwrap_err();
        assert_eq!(refusal.detail_code, "400.1.3 Illegal value");
        for reason in reasons {
            assert!(refusal.text.contains(reason), "{header}: {}", refusal.text);
        }
    }
    assert_eq!(
        tenant
            .submit_aggregation("jane.doe", &source, None)
            .unwrap_err()
            .status,
        400
    );
    assert_eq!(
        tenant
            .submit_aggregation("jane.doe", &source, Some(b"\xff"))
            .unwrap_err()
            .status,
        400
    );
}

#[test]
fn one_aggregation_at_a_time() {
    let (mut tenant, source) = with_source();
    let text = csv(&["a"]);
    let first = tenant
        .submit_aggregation("jane.doe", &source, Some(text.as_bytes()))
        .unwrap();
    let second = tenant
        .submit_aggregation("jane.doe", &source, Some(text.as_bytes()))
        .unwrap();
    let task = tenant.task(&second).unwrap();
    assert_eq!(task.completion, Some(Completion::Error));
    assert!(
        task.messages[0].text.contains(
            "the currently running aggregation must complete before the next one can start"
        )
    );
    tenant.advance_by(seconds(4));
    assert_eq!(
        tenant.task(&first).unwrap().completion,
        Some(Completion::Success)
    );
    assert_eq!(natives(&tenant, &source), ["ID-a"]);
}

#[test]
fn a_profile_made_after_the_import_waits_to_be_processed() {
    let (mut tenant, source) = with_source();
    import(&mut tenant, &source, &csv(&["a"]));
    let profile = tenant
        .create_profile(&profile_body(&source, "name"))
        .unwrap();
    tenant.advance_by(SignedDuration::from_hours(1));
    assert!(tenant.profile(&profile).unwrap().refresh_required);
    assert!(tenant.identities.by_alias("a").is_none());
    tenant.process_profile(&profile).unwrap();
    tenant.advance_by(seconds(6));
    assert!(!tenant.profile(&profile).unwrap().refresh_required);
    let identity = tenant.identities.by_alias("a").unwrap();
    assert_eq!(
        (identity.status, identity.email()),
        (IdentityStatus::Unregistered, Some("a@example.com"))
    );
}

#[test]
fn a_disabled_profile_promotes_nobody() {
    let (mut tenant, source) = with_source();
    let mut body = profile_body(&source, "name");
    body["identityAttributeConfig"]["enabled"] = json!(false);
    tenant.create_profile(&body).unwrap();
    import(&mut tenant, &source, &csv(&["a"]));
    tenant.advance_by(SignedDuration::from_hours(1));
    assert!(tenant.identities.by_alias("a").is_none());
}

#[test]
fn the_server_adds_mappings_of_its_own_and_refuses_unknown_ones() {
    let (mut tenant, source, profile) = with_profile();
    let names: Vec<&str> = tenant
        .profile(&profile)
        .unwrap()
        .mappings
        .iter()
        .map(|m| m.identity_attribute_name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "uid",
            "email",
            "lastname",
            "firstname",
            "identityState",
            "cloudLifecycleState"
        ]
    );
    let conflict = tenant
        .create_profile(&json!({"name": "Other", "authoritativeSource": {"id": source}}))
        .unwrap_err();
    assert_eq!(conflict.status, 409);
    tenant.profiles.clear();
    let refusal = tenant
        .create_profile(&profile_body(&source, "nickname"))
        .unwrap_err();
    assert_eq!(refusal.status, 400);
    assert!(refusal.text.contains("nickname"), "{}", refusal.text);
}

#[test]
fn an_identity_outlives_its_account_by_minutes_and_takes_its_tokens_along() {
    let (mut tenant, id) = registered("a");
    let source = tenant
        .accounts
        .of_identity(&id)
        .next()
        .unwrap()
        .source
        .clone();
    let minted = tenant
        .mint_personal_access_token_as_owner(
            "a",
            TokenRequest {
                name: "t".into(),
                ..TokenRequest::default()
            },
        )
        .unwrap();
    let mut wanted = tenant.source_wire(tenant.source(&source).unwrap());
    wanted["deleteThreshold"] = json!(100);
    tenant.change_source(&source, &wanted).unwrap();
    assert_eq!(import(&mut tenant, &source, HEADER), Completion::Success);
    assert!(natives(&tenant, &source).is_empty());
    tenant.advance_by(seconds(200));
    assert!(tenant.identities.contains(&id), "not at once");
    tenant.advance_by(seconds(200));
    assert!(!tenant.identities.contains(&id));
    assert!(tenant.token(&minted.id).is_err());
}

#[test]
fn another_uid_is_another_identity() {
    let (mut tenant, id) = registered("a");
    let source = tenant
        .accounts
        .of_identity(&id)
        .next()
        .unwrap()
        .source
        .clone();
    tenant
        .mint_personal_access_token_as_owner(
            "a",
            TokenRequest {
                name: "t".into(),
                ..TokenRequest::default()
            },
        )
        .unwrap();
    import(
        &mut tenant,
        &source,
        &format!("{HEADER}ID-a,renamed,a@example.com,for a\n"),
    );
    tenant.advance_by(seconds(6));
    let other = tenant.identities.by_alias("renamed").unwrap();
    assert_ne!(other.id, id);
    assert_eq!(other.status, IdentityStatus::Unregistered);
    assert!(!tenant.identities.contains(&id));
    assert_eq!(tenant.tokens.of_owner(&id).count(), 0);
    // What does not feed uid leaves the identity what it is.
    let id = other.id.clone();
    import(
        &mut tenant,
        &source,
        &format!("{HEADER}ID-a,renamed,b@example.com,for a\n"),
    );
    tenant.advance_by(seconds(6));
    let same = tenant.identities.by_alias("renamed").unwrap();
    assert_eq!(
        (same.id.as_str(), same.email()),
        (id.as_str(), Some("b@example.com"))
    );
}

#[test]
fn an_account_that_comes_back_in_time_keeps_its_identity() {
    let (mut tenant, source, _) = with_profile();
    import(&mut tenant, &source, &csv(&["a"]));
    tenant.advance_by(seconds(6));
    let id = tenant.find_person("a").unwrap();
    tenant
        .remove_account_behind_the_back("Service Accounts", "a")
        .unwrap();
    import(&mut tenant, &source, &csv(&["a"]));
    tenant.advance_by(SignedDuration::from_hours(1));
    assert_eq!(tenant.find_person("a").unwrap(), id);
}

#[test]
fn invitations_are_good_for_seven_days() {
    let (mut tenant, source, _) = with_profile();
    import(&mut tenant, &source, &csv(&["a"]));
    tenant.advance_by(seconds(6));
    let id = tenant.find_person("a").unwrap();
    assert!(matches!(
        tenant.register_person("a"),
        Err(ControlError::NotInvited(_))
    ));
    let invite = |tenant: &mut Tenant| {
        tenant
            .submit_invitation("jane.doe", &json!({"ids": [id]}))
            .unwrap();
        tenant.advance_by(seconds(3));
    };
    let status = |tenant: &Tenant| tenant.identity(&id).unwrap().status;
    invite(&mut tenant);
    assert_eq!(status(&tenant), IdentityStatus::Pending);
    tenant.advance_by(SignedDuration::from_hours(4 * 24));
    // A second invitation counts from its own day.
    invite(&mut tenant);
    tenant.advance_by(SignedDuration::from_hours(4 * 24));
    assert_eq!(status(&tenant), IdentityStatus::Pending);
    tenant.advance_by(SignedDuration::from_hours(4 * 24));
    assert_eq!(status(&tenant), IdentityStatus::Unregistered);
    invite(&mut tenant);
    tenant.register_person("a").unwrap();
    assert!(matches!(
        tenant.register_person("a"),
        Err(ControlError::AlreadyRegistered(_))
    ));
}

#[test]
fn an_empty_list_of_invitations_means_everybody() {
    let mut tenant = Tenant::new(start());
    assert_eq!(
        tenant
            .submit_invitation("jane.doe", &json!({}))
            .unwrap_err()
            .status,
        400
    );
    tenant
        .submit_invitation("jane.doe", &json!({"ids": []}))
        .unwrap();
    tenant.advance_by(seconds(3));
    let pending = tenant
        .identities
        .all()
        .filter(|identity| identity.status == IdentityStatus::Pending)
        .count();
    assert_eq!(pending, 3);
}

#[test]
fn levels_have_their_rules() {
    let mut tenant = Tenant::new(start());
    let admin = tenant.admin_identity();
    let backup = tenant.find_person("svc-backup").unwrap();
    let set = |tenant: &mut Tenant, caller: &str, id: &str, levels: Value| {
        let mut wanted = tenant.auth_user_wire(tenant.identity(id).unwrap());
        wanted["capabilities"] = levels;
        tenant
            .change_auth_user(caller, id, &wanted)
            .map_err(|refusal| refusal.status)
    };
    for (caller, id, levels, expected) in [
        (
            &admin,
            &backup,
            json!(["REPORT_ADMIN", "REPORT_ADMIN"]),
            Ok(()),
        ),
        (
            &admin,
            &backup,
            json!(["ROLE_ADMIN", "SOURCE_SUBADMIN"]),
            Err(400),
        ),
        (&admin, &backup, json!(["NO_SUCH_LEVEL"]), Err(400)),
        (&backup, &backup, json!(["ORG_ADMIN"]), Err(403)),
        (&admin, &admin, json!(["ORG_ADMIN", "HELPDESK"]), Err(403)),
        (&admin, &backup, Value::Null, Ok(())),
        (&admin, &admin, json!([]), Ok(())),
        (&admin, &backup, json!(["REPORT_ADMIN"]), Err(403)),
    ] {
        assert_eq!(
            set(&mut tenant, caller, id, levels.clone()),
            expected,
            "{levels}"
        );
    }
    let mut wanted = tenant.auth_user_wire(tenant.identity(&backup).unwrap());
    wanted["email"] = json!("other@example.com");
    assert_eq!(
        tenant
            .change_auth_user(&admin, &backup, &wanted)
            .unwrap_err()
            .detail_code,
        "400.1.1 Illegal update attempt"
    );
}

#[test]
fn a_custom_level_can_be_given_once_it_is_published() {
    let mut tenant = Tenant::new(start());
    let owner = json!({"id": tenant.admin_identity()});
    let level = tenant
        .create_custom_level(&json!({"name": "Robots", "description": "For robots", "owner": owner, "rightSets": ["idn:ui-search-read"]}))
        .unwrap();
    assert!(
        tenant
            .set_levels_behind_the_back("svc-backup", vec![level.clone()])
            .is_err()
    );
    tenant.publish_custom_level(&level).unwrap();
    tenant
        .set_levels_behind_the_back("svc-backup", vec![level.clone()])
        .unwrap();
    assert_eq!(tenant.identities.count_holders(&level), 1);
    assert_eq!(tenant.delete_custom_level(&level).unwrap_err().status, 400);
}

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
fn a_source_cannot_go_before_its_profile() {
    let (mut tenant, source, profile) = with_profile();
    import(&mut tenant, &source, &csv(&["a"]));
    tenant.advance_by(seconds(6));
    assert!(
        tenant
            .submit_source_deletion("jane.doe", &source)
            .unwrap_err()
            .text
            .contains("in use by [identityProfiles]")
    );
    tenant
        .submit_profile_deletion("jane.doe", std::slice::from_ref(&profile))
        .unwrap();
    tenant.advance_by(seconds(11));
    assert!(tenant.profile(&profile).is_err());
    assert!(tenant.identities.by_alias("a").is_none());
    assert!(
        tenant.submit_source_deletion("jane.doe", &source).is_err(),
        "not noticed yet"
    );
    tenant.advance_by(seconds(5));
    tenant.submit_source_deletion("jane.doe", &source).unwrap();
    tenant.advance_by(seconds(6));
    assert!(tenant.source(&source).is_err());
    assert!(natives(&tenant, &source).is_empty());
}

#[test]
fn a_source_made_without_the_query_parameter_is_of_no_use() {
    let mut tenant = Tenant::new(start());
    let body = json!({"name": "S", "owner": {"id": tenant.admin_identity()}, "connector": "delimited-file-angularsc"});
    let source = tenant.create_source(&body, false).unwrap();
    assert_eq!(tenant.source(&source).unwrap().kind, "Delimited File");
    assert_eq!(tenant.schema_source(&source).unwrap_err().status, 400);
}

#[test]
fn what_a_source_is_cannot_be_changed() {
    let (mut tenant, source) = with_source();
    let current = tenant.source_wire(tenant.source(&source).unwrap());
    for (pointer, value) in [
        ("/id", json!("x")),
        ("/type", json!("Other")),
        ("/authoritative", json!(true)),
        ("/connector", json!("other")),
        ("/connectorClass", json!("other")),
        ("/passwordPolicies", json!([])),
        ("/connectorAttributes/healthy", json!(true)),
        ("/connectorAttributes", json!({"delimiter": ";"})),
        ("/description", json!("x".repeat(256))),
        ("/deleteThreshold", json!(101)),
    ] {
        let mut wanted = current.clone();
        *wanted.pointer_mut(pointer).unwrap() = value;
        assert_eq!(
            tenant.change_source(&source, &wanted).unwrap_err().status,
            400,
            "{pointer}"
        );
    }
    let mut wanted = current;
    wanted["connectorAttributes"]["delimiter"] = json!(";");
    tenant.change_source(&source, &wanted).unwrap();
    assert_eq!(
        tenant.source_wire(tenant.source(&source).unwrap())["connectorAttributes"]["delimiter"],
        ";"
    );
}

#[test]
fn a_browser_signs_in_with_a_proof_key() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use sha2::{Digest as _, Sha256};

    let (mut tenant, id) = registered("a");
    let client = tenant
        .create_oauth_client(&json!({
            "name": "enroll", "description": null, "accessTokenValiditySeconds": 600, "accessType": "OFFLINE", "enabled": true,
            "type": "PUBLIC", "grantTypes": ["AUTHORIZATION_CODE", "REFRESH_TOKEN"], "redirectUris": ["http://localhost:1/"],
        }))
        .unwrap();
    let challenge = Some(URL_SAFE_NO_PAD.encode(Sha256::digest(b"verifier")));
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
        redeem(&mut tenant, &wrong, "other").unwrap_err(),
        GrantError::InvalidGrant
    );
    let late = code(&mut tenant);
    tenant.advance_by(seconds(61));
    assert_eq!(
        redeem(&mut tenant, &late, "verifier").unwrap_err(),
        GrantError::InvalidGrant
    );
    let good = code(&mut tenant);
    let granted = redeem(&mut tenant, &good, "verifier").unwrap();
    assert_eq!(granted.identity.as_deref(), Some(id.as_str()));
    assert_eq!(
        redeem(&mut tenant, &good, "verifier").unwrap_err(),
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

/// Something that may be done to a tenant; what it refuses does not matter here.
#[derive(Debug, Clone)]
enum Deed {
    Import(Vec<u8>),
    Pass(i64),
    Process,
    InviteEverybody,
    Register(u8),
    Mint(u8),
    Remove(u8),
    Rename(u8),
    DeleteProfile,
    Levels(u8),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        proptest::collection::vec(0..6_u8, 0..6).prop_map(Deed::Import),
        (0..1_000_000_i64).prop_map(Deed::Pass),
        (0..10_i64).prop_map(Deed::Pass),
        Just(Deed::Process),
        Just(Deed::InviteEverybody),
        (0..6_u8).prop_map(Deed::Register),
        (0..6_u8).prop_map(Deed::Mint),
        (0..6_u8).prop_map(Deed::Remove),
        (0..6_u8).prop_map(Deed::Rename),
        Just(Deed::DeleteProfile),
        (0..6_u8).prop_map(Deed::Levels),
    ]
}

fn name(number: u8) -> String {
    format!("account{number}")
}

impl Deed {
    fn done_to(&self, tenant: &mut Tenant, source: &str, profile: &str) {
        match self {
            Self::Import(numbers) => {
                let names: Vec<String> = numbers.iter().map(|number| name(*number)).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let _ = tenant.submit_aggregation("jane.doe", source, Some(csv(&names).as_bytes()));
            }
            Self::Pass(count) => tenant.advance_by(seconds(*count)),
            Self::Process => drop(tenant.process_profile(profile)),
            Self::InviteEverybody => {
                drop(tenant.submit_invitation("jane.doe", &json!({"uninvited": true})));
            }
            Self::Register(number) => drop(tenant.register_person(&name(*number))),
            Self::Mint(number) => {
                let request = TokenRequest {
                    name: "t".into(),
                    ..TokenRequest::default()
                };
                drop(tenant.mint_personal_access_token_as_owner(&name(*number), request));
            }
            Self::Remove(number) => {
                drop(tenant.remove_account_behind_the_back("Service Accounts", &name(*number)));
            }
            Self::Rename(number) => {
                let attributes = json!({"id": format!("ID-{}", name(*number)), "name": format!("other{number}")});
                let Value::Object(attributes) = attributes else {
                    return;
                };
                drop(tenant.put_account_behind_the_back("Service Accounts", attributes));
            }
            Self::DeleteProfile => {
                drop(tenant.submit_profile_deletion("jane.doe", &[profile.to_owned()]));
            }
            Self::Levels(number) => {
                drop(
                    tenant.set_levels_behind_the_back(&name(*number), vec!["REPORT_ADMIN".into()]),
                );
            }
        }
    }
}

proptest! {
    #[test]
    fn a_saved_tenant_is_the_same_tenant(deeds in proptest::collection::vec(deed(), 0..30), later in 0..1_000_000_i64) {
        let (mut tenant, source, profile) = with_profile();
        for deed in &deeds {
            deed.done_to(&mut tenant, &source, &profile);
        }
        tenant.generation = 0;
        let text = serde_json::to_string(&tenant).unwrap();
        let mut loaded: Tenant = serde_json::from_str(&text).unwrap();
        prop_assert!(loaded == tenant, "what was loaded is not what was saved");
        // The future is saved, too.
        tenant.advance_by(seconds(later));
        loaded.advance_by(seconds(later));
        (tenant.generation, loaded.generation) = (0, 0);
        prop_assert!(loaded == tenant, "what was loaded is not what was saved");
        // Nothing refers to what is not there.
        for account in tenant.accounts.all() {
            prop_assert!(tenant.sources.contains_key(&account.source));
            prop_assert!(account.identity.as_ref().is_none_or(|id| tenant.identities.contains(id)));
        }
        for token in tenant.tokens.all() {
            prop_assert!(tenant.identities.contains(&token.owner));
        }
    }
}
