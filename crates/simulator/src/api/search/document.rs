//! Search document of an identity, and the fields of it that an answer includes.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::clock::iso;
use crate::tenant::{Identity, Tenant};

/// What of an identity's document is documents of their own.
const NESTED: [&str; 3] = ["access", "accounts", "apps"];

/// The fields of documents, by the first part of their paths.
const FIELDS: [&str; 44] = [
    "id",
    "name",
    "displayName",
    "created",
    "modified",
    "synced",
    "inactive",
    "protected",
    "status",
    "manager",
    "isManager",
    "attributes",
    "disabled",
    "locked",
    "processingState",
    "accounts",
    "accountCount",
    "apps",
    "appCount",
    "access",
    "accessCount",
    "accessProfileCount",
    "entitlementCount",
    "roleCount",
    "visibleSegments",
    "visibleSegmentCount",
    "_type",
    "type",
    "_version",
    "pod",
    "org",
    "firstName",
    "lastName",
    "email",
    "phone",
    "employeeNumber",
    "identityProfile",
    "source",
    "action",
    "actor",
    "target",
    "operation",
    "technicalName",
    "trackingNumber",
];

/// What is the same in all documents of identities.
pub(super) static FIXED: LazyLock<Value> = LazyLock::new(|| {
    json!({
        "inactive": false,
        "manager": null,
        "isManager": false,
        "disabled": false,
        "locked": false,
        "processingState": null,
        "apps": [],
        "appCount": 0,
        "access": [],
        "accessCount": 0,
        "accessProfileCount": 0,
        "entitlementCount": 0,
        "roleCount": 0,
        "visibleSegments": [],
        "visibleSegmentCount": 0,
        "_type": "identity",
        "type": "identity",
        "_version": "v7",
        "pod": "simulator",
    })
});

/// Whether documents can have such a field, so that they can be sorted by it.
pub(super) fn is_field(path: &str) -> bool {
    let path = path.strip_suffix(".exact").unwrap_or(path);
    let first = path.split('.').next().unwrap_or_default();
    FIELDS.contains(&first) && path.split('.').all(|part| !part.is_empty())
}

pub(super) fn document(tenant: &Tenant, identity: &Identity) -> Value {
    let profile = identity
        .profile
        .as_ref()
        .and_then(|id| tenant.profile(id).ok());
    let source = profile.and_then(|profile| tenant.source(&profile.source).ok());
    let accounts: Vec<Value> = tenant
        .accounts
        .of_identity(&identity.id)
        .map(|account| {
            let source = tenant.source(&account.source).ok();
            json!({
                "id": account.id,
                "name": account.name,
                "accountId": account.native_identity,
                "source": {
                    "id": account.source,
                    "name": source.map_or("", |source| source.name.as_str()),
                    "type": source.map_or("", |source| source.kind.as_str()),
                },
                "disabled": account.disabled,
                "locked": account.locked,
                "privileged": false,
                "manuallyCorrelated": account.manually_correlated,
                "entitlementAttributes": {},
                "created": iso(account.created),
                "supportsPasswordChange": false,
            })
        })
        .collect();
    let count = accounts.len();
    let mut document = json!({
        "id": identity.id,
        "name": identity.alias,
        "displayName": identity.name,
        "created": iso(identity.created),
        "modified": iso(identity.modified),
        "synced": iso(identity.last_refresh),
        "protected": identity.protected,
        "status": identity.status.as_str(),
        "attributes": tenant.identity_wire(identity)["attributes"],
        "accounts": accounts,
        "accountCount": count,
        "org": tenant.org,
    });
    if let (Value::Object(document), Value::Object(fixed)) = (&mut document, &*FIXED) {
        document.extend(fixed.clone());
    }
    let optional = [
        ("firstName", identity.attribute("firstname")),
        ("lastName", identity.attribute("lastname")),
        ("email", identity.email()),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            document[name] = json!(value);
        }
    }
    if let Some(profile) = profile {
        document["identityProfile"] = json!({"id": profile.id, "name": profile.name});
    }
    if let Some(source) = source {
        document["source"] = json!({"id": source.id, "name": source.name});
    }
    document
}

/// The requested fields of a document.
pub(super) fn included(document: Value, body: &Value) -> Value {
    let list = |name: &str| -> Option<Vec<&str>> {
        body.get("queryResultFilter")?
            .get(name)?
            .as_array()
            .map(|list| list.iter().filter_map(Value::as_str).collect())
    };
    let (includes, excludes) = (list("includes"), list("excludes"));
    let is_flat = body.get("includeNested") == Some(&Value::Bool(false));
    let Value::Object(map) = document else {
        return document;
    };
    map.into_iter()
        .filter(|(name, _)| {
            let name = name.as_str();
            if is_flat && NESTED.contains(&name) {
                return false;
            }
            // What identifies a document is always included.
            matches!(name, "id" | "name" | "_type" | "type" | "_version")
                || (includes.as_ref().is_none_or(|list| list.contains(&name))
                    && !excludes.as_ref().is_some_and(|list| list.contains(&name)))
        })
        .collect()
}
