//! Tests of identity profiles, identities, invitations and user levels.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::tenants::{
    HEADER, csv, import, natives, profile_body, registered, seconds, start, with_profile,
    with_source,
};
use crate::errors::ControlError;
use crate::tenant::{Completion, IdentityStatus, Tenant, TokenRequest};

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
    tenant.profiles = crate::tenant::records::Table::default();
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
        .remove_account_out_of_band("Service Accounts", "a")
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
        (&admin, &backup, Value::Null, Err(400)),
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
            .set_levels_out_of_band("svc-backup", vec![level.clone()])
            .is_err()
    );
    tenant.publish_custom_level(&level).unwrap();
    tenant
        .set_levels_out_of_band("svc-backup", vec![level.clone()])
        .unwrap();
    assert_eq!(tenant.identities.count_holders(&level), 1);
    assert_eq!(tenant.delete_custom_level(&level).unwrap_err().status, 400);
}
