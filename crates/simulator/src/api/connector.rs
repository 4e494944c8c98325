//! Handlers of `/sources/v1/{sourceId}/connector`: is the source reached, and what is in it.

use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::handler::Handler;
use crate::errors::Refusal;

pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("testSourceConnectionV1", check_connection),
    ("searchResourceObjectsV1", peek),
];

/// How many objects are shown unless more are asked for.
const USUAL: u64 = 25;
/// How many are shown at most.
const MOST: u64 = 250;

fn check_connection(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let source = call.tenant.source(call.parameter("sourceId"))?;
    Ok(Answer::ok(json!({
        "id": source.id,
        "name": source.name,
        "status": if source.healthy { "SUCCESS" } else { "FAILURE" },
        "elapsedMillis": 12,
        "details": {},
    })))
}

fn peek(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.json()?;
    let source = call.tenant.source(call.parameter("sourceId"))?;
    let kind = body.get("objectType").and_then(Value::as_str);
    let kind = kind.unwrap_or("account");
    let count = match body.get("maxCount").filter(|count| !count.is_null()) {
        None => USUAL,
        Some(count) => (count.as_u64().filter(|count| (1..=MOST).contains(count)))
            .ok_or_else(|| Refusal::illegal_value(format!("maxCount must be 1 to {MOST}.")))?,
    };
    if !source.schemas.iter().any(|schema| schema.name == kind) {
        return Err(Refusal::illegal_value(format!(
            "The source has no schema {kind:?}."
        )));
    }
    let accounts = call.tenant.accounts.of_source(&source.id);
    // Only accounts are simulated, so there is nothing else to see.
    let accounts = accounts.filter(|_| kind == "account");
    let objects: Vec<Value> = accounts
        .take(usize::try_from(count).unwrap_or(usize::MAX))
        .map(|account| {
            json!({
                "instance": null,
                "identity": account.native_identity,
                "uuid": null,
                "previousIdentity": null,
                "name": account.name,
                "objectType": "account",
                "incomplete": false,
                "incremental": false,
                "delete": false,
                "remove": false,
                "missing": [],
                "attributes": account.attributes,
                "finalUpdate": false,
            })
        })
        .collect();
    Ok(Answer::ok(json!({
        "id": source.id,
        "name": source.name,
        "objectCount": objects.len(),
        "elapsedMillis": 12,
        "resourceObjects": objects,
    })))
}
