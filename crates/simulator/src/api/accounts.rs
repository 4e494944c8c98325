//! Handlers of `/accounts/v1` and `/account-aggregations/v1`.

use serde_json::{Map, Value, json};

use super::call::{Answer, Call};
use super::handler::Handler;
use super::lists::{Row, keys};
use crate::clock::iso;
use crate::collection;
use crate::errors::Refusal;
use crate::filter::{self, Fields};
use crate::tenant::{Account, Origin, Tenant};

pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("listAccountsV1", list),
    ("createAccountV1", create),
    ("getAccountV1", get),
    ("putAccountV1", put),
    ("updateAccountV1", patch),
    ("deleteAccountV1", delete),
    ("deleteAccountAsyncV1", remove),
    ("getAccountEntitlementsV1", entitlements),
    ("enableAccountV1", enable),
    ("disableAccountV1", disable),
    ("unlockAccountV1", unlock),
    ("submitReloadAccountV1", reload),
    ("getAccountAggregationStatusV1", aggregation_status),
];

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    match call.query("detailLevel") {
        None | Some("SLIM" | "FULL") => {}
        Some(other) => {
            return Err(Refusal::illegal_value(format!(
                "detailLevel must be SLIM or FULL, not {other:?}."
            )));
        }
    }
    let page = call.page(&collection::ACCOUNTS, |tenant, query| {
        // The narrowest index that the filter allows; the filter is evaluated on what it gives.
        let rows: Vec<&Account> = if let Some(ids) = query.one_of("id") {
            ids.into_iter()
                .filter_map(|id| tenant.accounts.get(id))
                .collect()
        } else if let Some(identities) = query.one_of("identityId") {
            identities
                .into_iter()
                .flat_map(|id| tenant.accounts.of_identity(id))
                .collect()
        } else if let Some(sources) = query.one_of("sourceId") {
            sources
                .into_iter()
                .flat_map(|id| tenant.accounts.of_source(id))
                .collect()
        } else {
            tenant.accounts.all().collect()
        };
        keys(
            query,
            rows.into_iter()
                .map(|account| AccountRow { tenant, account }),
        )
    })?;
    let tenant = &*call.tenant;
    Ok(page.shown(|id| {
        let account = tenant.accounts.get(id)?;
        Some(wire(tenant, account))
    }))
}

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let attributes = attributes_of(&call.json()?)?;
    let launcher = call.launcher();
    let task = call.tenant.submit_account_creation(&launcher, attributes)?;
    Ok(Answer::accepted_id(&task))
}

fn get(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let account = call.tenant.account(call.parameter("id"))?;
    Ok(Answer::ok(wire(call.tenant, account)))
}

fn put(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.account(call.parameter("id"))?;
    let attributes = attributes_of(&call.json()?)?;
    let launcher = call.launcher();
    let task =
        call.tenant
            .submit_account_replacement(&launcher, call.parameter("id"), attributes)?;
    Ok(Answer::accepted_id(&task))
}

fn patch(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.parameter("id");
    let current = wire(call.tenant, call.tenant.account(id)?);
    let wanted = call.patched(&current)?;
    let changed = |field: &str| wanted.get(field) != current.get(field);
    if let (Value::Object(new), Value::Object(old)) = (&wanted, &current) {
        let illegal = new.keys().chain(old.keys()).find(|field| {
            changed(field)
                && ![
                    "identityId",
                    "manuallyCorrelated",
                    "attributes",
                    "description",
                ]
                .contains(&field.as_str())
        });
        if let Some(field) = illegal {
            return Err(Refusal::illegal_update(format!(
                "Illegal attempt to modify {field}."
            )));
        }
    }
    if changed("identityId") || changed("manuallyCorrelated") {
        let identity = wanted
            .get("identityId")
            .and_then(Value::as_str)
            .filter(|id| !id.is_empty())
            .map(str::to_owned);
        let by_hand = if changed("manuallyCorrelated") {
            wanted
                .get("manuallyCorrelated")
                .and_then(Value::as_bool)
                .unwrap_or(false)
        } else {
            true
        };
        call.tenant.correlate_account(id, identity, by_hand)?;
    }
    if changed("attributes") {
        let attributes = attributes_of(&wanted)?;
        let launcher = call.launcher();
        call.tenant
            .submit_account_replacement(&launcher, id, attributes)?;
    }
    Ok(Answer::json(202, json!({})))
}

fn delete(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let launcher = call.launcher();
    let task = call
        .tenant
        .submit_account_deletion(&launcher, call.parameter("id"))?;
    Ok(Answer::accepted_id(&task))
}

fn remove(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let launcher = call.launcher();
    let task = call
        .tenant
        .submit_account_deletion(&launcher, call.parameter("id"))?;
    Ok(Answer::accepted_task(&task))
}

/// The simulator has no entitlements, so an account has none.
fn entitlements(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.account(call.parameter("id"))?;
    call.list(&collection::PLAIN, &[])
}

fn enable(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    state(call, Some(false), None)
}

fn disable(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    state(call, Some(true), None)
}

fn unlock(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    state(call, None, Some(false))
}

fn state(
    call: &mut Call<'_>,
    disabled: Option<bool>,
    locked: Option<bool>,
) -> Result<Answer, Refusal> {
    call.optional_json()?;
    let launcher = call.launcher();
    let task =
        call.tenant
            .submit_account_state(&launcher, call.parameter("id"), disabled, locked)?;
    Ok(Answer::accepted_id(&task))
}

fn reload(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let launcher = call.launcher();
    let task = call
        .tenant
        .submit_account_reload(&launcher, call.parameter("id"))?;
    Ok(Answer::accepted_id(&task))
}

fn aggregation_status(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let task = call.tenant.task(call.parameter("id"))?;
    let count = |name: &str| -> i64 {
        task.attributes
            .get(name)
            .and_then(Value::as_str)
            .and_then(|count| count.parse().ok())
            .unwrap_or(0)
    };
    let status = match task.shown_completion(call.tenant.now()) {
        None => "STARTED",
        Some(crate::tenant::Completion::Terminated) => "TERMINATED",
        Some(crate::tenant::Completion::Error) => "CANCELLED",
        Some(_) => "COMPLETED",
    };
    Ok(Answer::ok(json!({
        "start": iso(task.created),
        "status": status,
        "totalAccounts": count("total"),
        "processedAccounts": count("total"),
        "totalAccountsMarkedForDeletion": count("markedForDeletion"),
        "deletedAccounts": count("deleted"),
        "totalIdentities": count("total"),
        "processedIdentities": count("total"),
    })))
}

fn attributes_of(body: &Value) -> Result<Map<String, Value>, Refusal> {
    match body.get("attributes") {
        Some(Value::Object(attributes)) => Ok(attributes.clone()),
        _ => Err(Refusal::missing("attributes")),
    }
}

/// The account as ISC answers it.
fn wire(tenant: &Tenant, account: &Account) -> Value {
    let source = tenant.source(&account.source).ok();
    let identity = account
        .identity
        .as_ref()
        .and_then(|id| tenant.identity(id).ok());
    let mut wire = json!({
        "id": account.id,
        "name": account.name,
        "created": iso(account.created),
        "modified": iso(account.modified),
        "sourceId": account.source,
        "sourceName": source.map(|source| source.name.as_str()),
        "cloudLifecycleState": identity.and_then(|identity| identity.lifecycle_state.as_deref()),
        "identityState": identity.and_then(|identity| identity.attribute("identityState")),
        "connectionType": source.map(crate::tenant::Source::connection_type),
        "isMachine": tenant.machine_accounts.contains_key(&account.id),
        "recommendation": null,
        "attributes": account.attributes,
        "authoritative": tenant.is_authoritative(&account.source),
        "description": null,
        "disabled": account.disabled,
        "locked": account.locked,
        "nativeIdentity": account.native_identity,
        "systemAccount": false,
        "uncorrelated": identity.is_none(),
        "uuid": null,
        "manuallyCorrelated": account.manually_correlated,
        "hasEntitlements": false,
        "sourceOwner": source.and_then(|source| source.owner.as_ref()).map(|owner| tenant.identity_reference(owner)),
        "features": source.map(|source| source.features.join(", ")),
        "origin": origin(account.origin),
        "ownerIdentity": null,
    });
    if let Some(identity) = identity {
        wire["identityId"] = json!(identity.id);
        wire["identity"] = tenant.identity_reference(&identity.id);
    }
    wire
}

fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Aggregated => "AGGREGATED",
        Origin::Provisioned => "PROVISIONED",
    }
}

struct AccountRow<'a> {
    tenant: &'a Tenant,
    account: &'a Account,
}

impl Fields for AccountRow<'_> {
    fn field(&self, name: &str) -> Option<filter::Value<'_>> {
        use filter::Value::{Boolean, Date, Text};
        let (tenant, account) = (self.tenant, self.account);
        let identity = || {
            account
                .identity
                .as_ref()
                .and_then(|id| tenant.identity(id).ok())
        };
        let source = || tenant.source(&account.source).ok();
        match name {
            "id" => Some(Text(&account.id)),
            "name" => Some(Text(&account.name)),
            "nativeIdentity" => Some(Text(&account.native_identity)),
            "sourceId" => Some(Text(&account.source)),
            "identityId" => account.identity.as_deref().map(Text),
            "created" => Some(Date(account.created)),
            "modified" => Some(Date(account.modified)),
            "hasEntitlements" => Some(Boolean(false)),
            "uncorrelated" => Some(Boolean(identity().is_none())),
            "manuallyCorrelated" => Some(Boolean(account.manually_correlated)),
            "origin" => Some(Text(origin(account.origin))),
            "identity.name" => identity().map(|identity| Text(&identity.name)),
            "identity.correlated" => identity().map(|_| Boolean(true)),
            "identity.identityState" => identity()
                .and_then(|identity| identity.attribute("identityState"))
                .map(Text),
            "source.displayableName" => source().map(|source| Text(&source.name)),
            "source.authoritative" => Some(Boolean(tenant.is_authoritative(&account.source))),
            "source.connectionType" => source().map(|source| Text(source.connection_type())),
            _ => None,
        }
    }
}

impl Row for AccountRow<'_> {
    fn key(&self) -> String {
        self.account.id.clone()
    }
}
