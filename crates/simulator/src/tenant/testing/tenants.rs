//! Tenants for tests: with a source, a profile, or a registered identity.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::tenant::records::account_mapping;
use crate::tenant::{Completion, Tenant};

pub(super) const HEADER: &str = "id,name,e-mail,purpose\n";

pub(super) fn start() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

pub(super) fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

/// A tenant with a delimited file source that has the guide's schema.
pub(super) fn with_source() -> (Tenant, String) {
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

pub(super) fn profile_body(source: &str, uid: &str) -> Value {
    let mapping = |identity: &str, account: &str| {
        account_mapping(identity, source, "Service Accounts", account)
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
pub(super) fn with_profile() -> (Tenant, String, String) {
    let (mut tenant, source) = with_source();
    let profile = tenant
        .create_profile(&profile_body(&source, "name"))
        .unwrap();
    (tenant, source, profile)
}

pub(super) fn csv(names: &[&str]) -> String {
    let rows = names
        .iter()
        .map(|name| format!("ID-{name},{name},{name}@example.com,for {name}\n"));
    HEADER.to_owned() + &rows.collect::<String>()
}

/// Imports and waits for the end: how it ended.
pub(super) fn import(tenant: &mut Tenant, source: &str, text: &str) -> Completion {
    let task = tenant
        .submit_aggregation("jane.doe", source, Some(text.as_bytes()), true)
        .unwrap();
    assert!(tenant.task(&task).unwrap().is_running());
    tenant.advance_by(seconds(4));
    tenant.task(&task).unwrap().completion.unwrap()
}

pub(super) fn natives(tenant: &Tenant, source: &str) -> Vec<String> {
    tenant
        .accounts
        .of_source(source)
        .map(|account| account.native_identity.clone())
        .collect()
}

/// Somebody registered, from import to registration.
pub(super) fn registered(name: &str) -> (Tenant, String) {
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
