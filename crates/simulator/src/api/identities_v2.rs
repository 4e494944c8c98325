//! Handlers of `/identities/v2`: identities from the search index, with more filters.
//!
//! The index of tenants lags behind; this one does not.

use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::handler::Handler;
use crate::clock::iso;
use crate::collection::{self, CollectionQuery};
use crate::errors::Refusal;
use crate::tenant::{Identity, Tenant};

pub(super) const HANDLERS: &[(&str, Handler)] =
    &[("listIdentitiesV2", list), ("getIdentityV2", get)];

/// A larger limit is lowered to this one.
const MAX_LIMIT: usize = 250;
/// Beyond so many rows only `searchAfter` leads.
const WINDOW: usize = 10_000;

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut parameters = call.query.to_vec();
    for (name, value) in &mut parameters {
        if name == "limit" && value.parse::<usize>().is_ok_and(|limit| limit > MAX_LIMIT) {
            *value = MAX_LIMIT.to_string();
        }
    }
    let query = CollectionQuery::parse(&parameters, &collection::IDENTITIES_V2)
        .map_err(|error| Refusal::illegal_value(error.to_string()))?;
    if query.offset + query.limit > WINDOW {
        return Err(Refusal::illegal_value(format!(
            "offset and limit lead beyond {WINDOW} rows: use searchAfter."
        )));
    }
    let mut rows: Vec<Value> = call
        .tenant
        .identities
        .all()
        .map(|identity| wire(call.tenant, identity))
        .collect();
    if query.sorters.is_empty() {
        rows.sort_by(|left, right| left["created"].as_str().cmp(&right["created"].as_str()));
    }
    let everything = CollectionQuery {
        limit: usize::MAX,
        offset: 0,
        ..query.clone()
    };
    let rows = everything.page(rows).rows;
    let start = match call.query("searchAfter").filter(|after| !after.is_empty()) {
        None => query.offset,
        Some(after) => after_last(call, &rows, after)?,
    };
    let page = rows.iter().skip(start).take(query.limit).cloned().collect();
    let answer = Answer::ok(Value::Array(page));
    Ok(if query.count {
        answer.with_header("x-total-count", rows.len().to_string())
    } else {
        answer
    })
}

/// Where the page begins that comes after the row with these values of the sorted fields.
fn after_last(call: &Call<'_>, rows: &[Value], after: &str) -> Result<usize, Refusal> {
    let sorters: Vec<&str> = call
        .query("sorters")
        .unwrap_or_default()
        .split(',')
        .map(|sorter| sorter.trim().trim_start_matches('-'))
        .collect();
    if !sorters.contains(&"id") || call.query("offset").is_some() {
        return Err(Refusal::illegal_value(
            "searchAfter needs id among the sorters, and no offset.",
        ));
    }
    let values: Vec<&str> = after.split(',').map(str::trim).collect();
    let is_last = |row: &Value| {
        values.len() == sorters.len()
            && sorters.iter().zip(&values).all(|(field, value)| {
                let found = row.pointer(&format!("/{}", field.replace('.', "/")));
                found.and_then(Value::as_str) == Some(value)
            })
    };
    rows.iter()
        .position(is_last)
        .map(|last| last + 1)
        .ok_or_else(|| Refusal::illegal_value("searchAfter must be the values of a row."))
}

fn get(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let identity = call.tenant.identity(call.parameter("id"))?;
    Ok(Answer::ok(wire(call.tenant, identity)))
}

fn wire(tenant: &Tenant, identity: &Identity) -> Value {
    let correlated = tenant.accounts.of_identity(&identity.id).next().is_some();
    json!({
        "id": identity.id,
        "name": identity.name,
        "alias": identity.alias,
        "type": "IDENTITY",
        "emailAddress": identity.email(),
        "identityStatus": identity.status.as_str(),
        "processingState": null,
        "protected": identity.protected,
        "correlated": correlated || identity.profile.is_none(),
        "inactive": false,
        "isManager": false,
        "locked": false,
        "disabled": false,
        "manager": null,
        "lifecycleState": identity.lifecycle_state.as_ref().map(|state| json!({
            "stateName": state, "manuallyUpdated": identity.lifecycle_state_by_hand,
        })),
        "created": iso(identity.created),
        "modified": iso(identity.modified),
        "synced": iso(identity.last_refresh),
        "lastRefresh": iso(identity.last_refresh),
        "privilegeLevel": {"effective": "NONE"},
    })
}
