//! Handlers of `/identity-profiles/v1`.

use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::handler::Handler;
use crate::clock::iso;
use crate::collection;
use crate::errors::Refusal;

pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("listIdentityProfilesV1", list),
    ("createIdentityProfileV1", create),
    ("getIdentityProfileV1", get),
    ("updateIdentityProfileV1", patch),
    ("deleteIdentityProfileV1", delete),
    ("deleteIdentityProfilesV1", bulk_delete),
    ("getDefaultIdentityAttributeConfigV1", default_config),
    ("syncIdentityProfileV1", process),
];

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let rows: Vec<Value> = call
        .tenant
        .profiles
        .values()
        .map(|profile| call.tenant.profile_wire(profile))
        .collect();
    call.list(&collection::IDENTITY_PROFILES, &rows)
}

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.json()?;
    let id = call.tenant.create_profile(&body)?;
    Ok(Answer::json(201, wire(call, &id)?))
}

fn get(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::ok(wire(call, id(call))?))
}

fn patch(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = id(call);
    let wanted = call.patched(&wire(call, id)?)?;
    call.tenant.change_profile(id, &wanted)?;
    Ok(Answer::ok(wire(call, id)?))
}

fn delete(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let ids = [id(call).to_owned()];
    submit_deletion(call, &ids)
}

fn bulk_delete(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let ids: Vec<String> = serde_json::from_value(call.json()?)
        .map_err(|_| Refusal::illegal_value("The body must be a list of ids."))?;
    if ids.is_empty() {
        return Err(Refusal::missing("The list of ids"));
    }
    // The ids are in the body here, so one that nothing has is a bad request, not a wrong path.
    for id in &ids {
        call.tenant
            .profile(id)
            .map_err(|_| Refusal::reference(format!("There is no identity profile {id}.")))?;
    }
    submit_deletion(call, &ids)
}

fn submit_deletion(call: &mut Call<'_>, ids: &[String]) -> Result<Answer, Refusal> {
    let launcher = call.launcher();
    let id = call.tenant.submit_profile_deletion(&launcher, ids)?;
    let task = call.tenant.task(&id)?;
    // `completed` and `completionStatus` come with the end; null is not allowed here, so they are absent.
    Ok(Answer::json(
        202,
        json!({
            "id": task.id,
            "name": format!("{} {}", task.kind.name(), task.id),
            "description": task.kind.description(),
            "launcher": task.launcher,
            "launched": iso(task.created),
        }),
    ))
}

fn default_config(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::ok(call.tenant.default_attribute_config(id(call))?))
}

fn process(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.process_profile(id(call))?;
    Ok(Answer::json(202, json!({})))
}

fn id<'a>(call: &Call<'a>) -> &'a str {
    call.parameter("identity-profile-id")
}

fn wire(call: &Call<'_>, id: &str) -> Result<Value, Refusal> {
    Ok(call.tenant.profile_wire(call.tenant.profile(id)?))
}
