//! Handlers of `/auth-users/v1`: the user levels of an identity.

use super::call::{Answer, Call};
use super::handler::Handler;
use crate::errors::Refusal;

pub(super) const HANDLERS: &[(&str, Handler)] =
    &[("getAuthUserV1", get), ("patchAuthUserV1", patch)];

fn get(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let identity = call.tenant.identity(call.parameter("id"))?;
    Ok(Answer::ok(call.tenant.auth_user_wire(identity)))
}

fn patch(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.parameter("id");
    let caller = call.user()?;
    let wanted = call.patched(&call.tenant.auth_user_wire(call.tenant.identity(id)?))?;
    call.tenant.change_auth_user(caller, id, &wanted)?;
    Ok(Answer::ok(
        call.tenant.auth_user_wire(call.tenant.identity(id)?),
    ))
}
