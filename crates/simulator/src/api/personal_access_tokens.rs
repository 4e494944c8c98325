//! Handlers of `/personal-access-tokens/v1`.

use serde_json::Value;

use super::call::{Answer, Call};
use super::handler::Handler;
use crate::collection;
use crate::errors::Refusal;
use crate::tenant::PersonalAccessToken;
use crate::{json_patch, shapes};

pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("listPersonalAccessTokensV1", list),
    ("createPersonalAccessTokenV1", create),
    ("patchPersonalAccessTokenV1", patch),
    ("deletePersonalAccessTokenV1", delete),
    ("updateBulkPersonalAccessTokensV1", bulk_update),
    ("postBulkPersonalAccessTokensV1", bulk_update),
];

const READ_ALL: [&str; 2] = [
    "sp:all-personal-access-tokens:read",
    "sp:all-personal-access-tokens:manage",
];
const MANAGE_ALL: &str = "sp:all-personal-access-tokens:manage";

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let user = call.user()?;
    let owner = call
        .query("owner-id")
        .map(|owner| if owner == "me" { user } else { owner });
    // Whoever asks for more than their own needs the scope for it, and the level.
    let own = owner == Some(user);
    let sees_all =
        READ_ALL.iter().any(|scope| call.has_scope(scope)) && call.tenant.is_org_admin(user);
    if !own && !sees_all {
        return Err(Refusal::forbidden());
    }
    let tokens: Vec<&PersonalAccessToken> = match owner {
        Some(owner) => {
            call.tenant.identity(owner).map_err(|_| {
                Refusal::illegal_value(format!("The owner {owner} is no identity of this tenant."))
            })?;
            call.tenant.tokens.of_owner(owner).collect()
        }
        None => call.tenant.tokens.all().collect(),
    };
    let rows: Vec<Value> = tokens
        .into_iter()
        .map(|token| call.tenant.token_wire(token))
        .collect();
    call.list(&collection::PERSONAL_ACCESS_TOKENS, &rows)
}

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let owner = call.user()?;
    let mut body = call.json()?;
    if call.older_root
        && let Value::Object(fields) = &mut body
    {
        // Older versions of the API let tokens expire after six months, whatever the request says.
        fields.insert(
            "expirationDate".to_owned(),
            call.tenant.six_months_from_now(),
        );
    }
    let id = call.tenant.create_token(owner, &body)?;
    Ok(Answer::ok(
        call.tenant.created_token_wire(call.tenant.token(&id)?),
    ))
}

fn patch(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.parameter("id");
    let token = call.tenant.token(id)?;
    if call.caller.identity.as_ref() != Some(&token.owner) {
        return Err(Refusal::forbidden_because(
            "Only its owner can change a personal access token.",
        ));
    }
    let current = call.tenant.token_wire(token);
    let wanted = with_end(&current, call.patched(&current)?);
    call.tenant.change_token(id, &wanted)?;
    Ok(Answer::ok(call.tenant.token_wire(call.tenant.token(id)?)))
}

/// The most tokens that one request can change.
const MOST: usize = 25;

/// Sets or clears the expiry of tokens of anybody, for administrators.
fn bulk_update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    call.user()?;
    let body = call.json()?;
    let ids: Vec<String> = serde_json::from_value(body["ids"].clone())
        .map_err(|_| Refusal::illegal_value("ids must be a list of ids of tokens."))?;
    if ids.is_empty() || ids.len() > MOST {
        return Err(Refusal::illegal_value(format!(
            "ids must have 1 to {MOST} entries."
        )));
    }
    let distinct: std::collections::BTreeSet<&str> = ids.iter().map(|id| id.trim()).collect();
    if distinct.len() != ids.len() || distinct.contains("") {
        return Err(Refusal::illegal_value(
            "ids must not be blank or given twice.",
        ));
    }
    let operations = body["patch"].as_array().filter(|patch| !patch.is_empty());
    let operations = operations.ok_or_else(|| Refusal::missing("patch"))?;
    for operation in operations {
        let path = operation["path"].as_str().unwrap_or_default();
        if !["/expirationDate", "/userAwareTokenNeverExpires"].contains(&path) {
            return Err(Refusal::illegal_value(format!(
                "The path {path:?} cannot be changed in bulk."
            )));
        }
    }
    let shape = shapes::patched_by("patchPersonalAccessTokenV1");
    call.tenant.change_expiries(&ids, |current| {
        let wanted = json_patch::patched(current, &body["patch"], shape)?;
        if let Some(shape) = shape {
            shape.check_change(current, &wanted)?;
        }
        Ok(with_end(current, wanted))
    })?;
    let rows = ids
        .iter()
        .filter_map(|id| call.tenant.token(id).ok())
        .map(|token| call.tenant.token_wire(token))
        .collect();
    Ok(Answer::ok(Value::Array(rows)))
}

fn with_end(current: &Value, mut wanted: Value) -> Value {
    // A token that is given an end is no longer one that never ends, though only the end was sent.
    let ended = wanted.get("expirationDate") != current.get("expirationDate")
        && !wanted["expirationDate"].is_null();
    if ended
        && wanted.get("userAwareTokenNeverExpires") == current.get("userAwareTokenNeverExpires")
    {
        wanted["userAwareTokenNeverExpires"] = Value::Bool(false);
    }
    wanted
}

fn delete(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.parameter("id");
    let user = call.user()?;
    let own = call.tenant.token(id)?.owner == user;
    let manages_all = call.has_scope(MANAGE_ALL) && call.tenant.is_org_admin(user);
    if !own && !manages_all {
        return Err(Refusal::forbidden_because(
            "Only its owner or an administrator can delete a personal access token.",
        ));
    }
    call.tenant.delete_token(id)?;
    Ok(Answer::no_content())
}
