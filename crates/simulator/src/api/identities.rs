//! Handlers of `/identities/v1`.

use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::handler::Handler;
use super::identity_rows::candidates;
use super::lists::{Row, keys};
use crate::collection;
use crate::errors::Refusal;
use crate::filter::{self, Fields};
use crate::tenant::{Identity, Tenant};

pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("listIdentitiesV1", list),
    ("getIdentityV1", get),
    ("deleteIdentityV1", delete),
    ("startIdentitiesInviteV1", invite),
    ("startIdentityProcessingV1", process),
    ("setLifecycleStateV1", set_lifecycle_state),
];

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let all = match call.query("defaultFilter") {
        None | Some("CORRELATED_ONLY") => false,
        Some("NONE") => true,
        Some(other) => {
            return Err(Refusal::illegal_value(format!(
                "defaultFilter must be CORRELATED_ONLY or NONE, not {other:?}."
            )));
        }
    };
    let page = call.page(&collection::IDENTITIES, |tenant, query| {
        keys(
            query,
            candidates(tenant, query)
                .into_iter()
                .map(|identity| IdentityRow {
                    identity,
                    correlated: is_correlated(tenant, identity),
                })
                .filter(|row| all || row.correlated),
        )
    })?;
    let tenant = &*call.tenant;
    Ok(page.shown(|id| {
        let identity = tenant.identities.get(id)?;
        Some(tenant.identity_wire(identity))
    }))
}

fn get(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let identity = call.tenant.identity(call.parameter("id"))?;
    Ok(Answer::ok(call.tenant.identity_wire(identity)))
}

fn delete(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.parameter("id");
    let deleted = if call.caller.identity.as_deref() == Some(id) {
        Err(Refusal::bad_request("Nobody can delete themselves."))
    } else {
        call.tenant.delete_identity(id)
    };
    match deleted {
        Err(refusal) if refusal.status == 400 => Ok(undeletable(call, id, &refusal.text)),
        Err(other) => Err(other),
        Ok(()) => Ok(Answer::no_content()),
    }
}

/// Why an identity cannot be deleted: this operation has an error body of its own, with what the
/// identity is needed for.
fn undeletable(call: &Call<'_>, id: &str, reason: &str) -> Answer {
    let sources = call.tenant.sources.values();
    let owned: Vec<Value> = sources
        .filter(|source| source.owner.as_deref() == Some(id))
        .map(|source| {
            let (id, name) = (&source.id, &source.name);
            json!({"identityEntity": {"id": id, "name": name, "type": "SOURCE"}})
        })
        .collect();
    let details = if owned.is_empty() {
        json!([])
    } else {
        json!([{"associationType": "SOURCE_OWNER", "entities": owned}])
    };
    Answer::json(
        400,
        json!({"message": reason, "associationDetails": details}),
    )
}

fn invite(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.json()?;
    let launcher = call.launcher();
    let id = call.tenant.submit_invitation(&launcher, &body)?;
    let now = call.tenant.now();
    Ok(Answer::json(
        202,
        super::tasks::wire(call.tenant.task(&id)?, now),
    ))
}

fn process(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.json()?;
    let ids: Vec<String> = match body.get("identityIds") {
        Some(list) => serde_json::from_value(list.clone())
            .map_err(|_| Refusal::illegal_value("identityIds must be a list of identity ids."))?,
        None => return Err(Refusal::missing("identityIds")),
    };
    let launcher = call.launcher();
    let task = call.tenant.submit_identity_processing(&launcher, ids)?;
    // The description has a text here where others have null.
    Ok(Answer::json(
        202,
        json!({"type": "TASK_RESULT", "id": task, "name": "null"}),
    ))
}

fn set_lifecycle_state(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let identity = call.parameter("identity-id");
    call.tenant.identity(identity)?;
    let body = call.json()?;
    let state = body
        .get("lifecycleStateId")
        .and_then(Value::as_str)
        .ok_or_else(|| Refusal::missing("lifecycleStateId"))?;
    call.tenant.set_lifecycle_state(identity, state)?;
    let activity = call.tenant.new_id();
    Ok(Answer::ok(json!({"accountActivityId": activity})))
}

/// Whether an identity has an account. One that no source made needs none.
fn is_correlated(tenant: &Tenant, identity: &Identity) -> bool {
    identity.profile.is_none() || tenant.accounts.of_identity(&identity.id).next().is_some()
}

struct IdentityRow<'a> {
    identity: &'a Identity,
    correlated: bool,
}

impl Fields for IdentityRow<'_> {
    fn field(&self, name: &str) -> Option<filter::Value<'_>> {
        use filter::Value::{Boolean, Text};
        let identity = self.identity;
        match name {
            "id" => Some(Text(&identity.id)),
            "name" => Some(Text(&identity.name)),
            "alias" => Some(Text(&identity.alias)),
            "email" => identity.email().map(Text),
            "firstname" | "lastname" => identity.attribute(name).map(Text),
            "cloudStatus" => Some(Text(identity.status.as_str())),
            "correlated" => Some(Boolean(self.correlated)),
            "protected" => Some(Boolean(identity.protected)),
            _ => None,
        }
    }
}

impl Row for IdentityRow<'_> {
    fn key(&self) -> String {
        self.identity.id.clone()
    }
}
