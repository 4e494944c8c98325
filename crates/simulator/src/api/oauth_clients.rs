//! Handlers of `/oauth-clients/v1`.

use serde_json::Value;

use super::call::{Answer, Call};
use super::handler::Handler;
use crate::collection;
use crate::errors::Refusal;
use crate::tenant::OauthClient;

pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("listOauthClientsV1", list),
    ("createOauthClientV1", create),
    ("getOauthClientV1", get),
    ("patchOauthClientV1", patch),
    ("deleteOauthClientV1", delete),
];

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let rows: Vec<Value> = call
        .tenant
        .oauth_clients
        .values()
        .map(OauthClient::wire)
        .collect();
    call.list(&collection::OAUTH_CLIENTS, &rows)
}

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    only_administrators(call)?;
    let body = call.json()?;
    let id = call.tenant.create_oauth_client(&body)?;
    Ok(Answer::ok(call.tenant.oauth_client(&id)?.created_wire()))
}

fn get(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::ok(
        call.tenant.oauth_client(call.parameter("id"))?.wire(),
    ))
}

fn patch(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    only_administrators(call)?;
    let id = call.parameter("id");
    let wanted = call.patched(&call.tenant.oauth_client(id)?.wire())?;
    call.tenant.change_oauth_client(id, &wanted)?;
    Ok(Answer::ok(call.tenant.oauth_client(id)?.wire()))
}

fn delete(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    only_administrators(call)?;
    call.tenant.delete_oauth_client(call.parameter("id"))?;
    Ok(Answer::no_content())
}

/// The catalog names no level here, but only administrators see this part of the product.
fn only_administrators(call: &Call<'_>) -> Result<(), Refusal> {
    if call.tenant.is_org_admin(call.user()?) {
        Ok(())
    } else {
        Err(Refusal::forbidden())
    }
}
