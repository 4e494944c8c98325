//! Handlers of `/identity-profiles/v1/{identity-profile-id}/lifecycle-states`.

use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::handler::Handler;
use crate::collection;
use crate::errors::Refusal;

pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("getLifecycleStatesV1", list),
    ("createLifecycleStateV1", create),
    ("getLifecycleStateV1", get),
    ("updateLifecycleStatesV1", patch),
    ("deleteLifecycleStateV1", delete),
];

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.tenant.profile(call.parameter("identity-profile-id"))?;
    let rows: Vec<Value> = profile
        .lifecycle_states
        .iter()
        .map(|state| {
            state.wire(
                call.tenant
                    .count_in_state(&profile.id, &state.technical_name),
            )
        })
        .collect();
    call.list(&collection::LIFECYCLE_STATES, &rows)
}

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.parameter("identity-profile-id");
    call.tenant.profile(profile)?;
    let body = call.json()?;
    let id = call.tenant.create_lifecycle_state(profile, &body)?;
    Ok(Answer::json(201, wire(call, profile, &id)?))
}

fn get(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (profile, state) = ids(call);
    Ok(Answer::ok(wire(call, profile, state)?))
}

fn patch(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (profile, state) = ids(call);
    let wanted = call.patched(&wire(call, profile, state)?)?;
    call.tenant
        .change_lifecycle_state(profile, state, &wanted)?;
    Ok(Answer::ok(wire(call, profile, state)?))
}

fn delete(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (profile, state) = ids(call);
    let launcher = call.launcher();
    let task = call
        .tenant
        .submit_lifecycle_state_deletion(&launcher, profile, state)?;
    Ok(Answer::json(
        202,
        json!({"type": "TASK_RESULT", "id": task, "name": ""}),
    ))
}

fn ids<'a>(call: &Call<'a>) -> (&'a str, &'a str) {
    (
        call.parameter("identity-profile-id"),
        call.parameter("lifecycle-state-id"),
    )
}

fn wire(call: &Call<'_>, profile: &str, state: &str) -> Result<Value, Refusal> {
    let state = call.tenant.lifecycle_state(profile, state)?;
    Ok(state.wire(call.tenant.count_in_state(profile, &state.technical_name)))
}
