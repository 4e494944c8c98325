//! What operations write into the audit events.

use catalog::{Method, Operation};

use super::call::{Answer, Payload};
use crate::tenant::{Caller, Deed, Tenant};

/// An operation that is about to run, as its event will tell of it.
pub(crate) struct Witness {
    what: Deed,
    actor: String,
    /// The object, by the path; what is created has none yet.
    target: Option<String>,
}

impl Witness {
    /// Takes down what is known before the operation runs; it may delete what has the name.
    pub(crate) fn of(
        tenant: &Tenant,
        caller: &Caller,
        operation: &Operation,
        path: &[(&'static str, String)],
    ) -> Option<Self> {
        let what = deed(operation)?;
        let actor = match &caller.identity {
            Some(identity) => tenant.actor(identity),
            None => caller.client_id.clone(),
        };
        // A part of an object, such as its schema, has no name of its own.
        let target = (path.iter().rev().find_map(|(_, id)| tenant.name_of(id)))
            .or_else(|| path.last().map(|(_, id)| id.clone()));
        Some(Self {
            what,
            actor,
            target,
        })
    }

    /// Writes the event of an operation that went well.
    pub(crate) fn write(self, tenant: &mut Tenant, answer: &Answer) {
        let named = || match &answer.payload {
            Payload::Json(body) => body["name"].as_str().map(str::to_owned),
            Payload::Empty | Payload::Text { .. } => None,
        };
        let target = self.target.or_else(named).unwrap_or_default();
        tenant.note(&self.actor, self.what, &target);
    }
}

/// What an operation does, if it does something.
fn deed(operation: &Operation) -> Option<Deed> {
    const TOKEN: &str = "PERSONAL_ACCESS_TOKEN";
    const LEVEL: &str = "USER_LEVEL";
    let named = |name, object, operation| Some(Deed::named(name, object, operation));
    match operation.id {
        "createPersonalAccessTokenV1" => named("PERSONAL_ACCESS_TOKEN_CREATED", TOKEN, "CREATE"),
        "patchPersonalAccessTokenV1"
        | "updateBulkPersonalAccessTokensV1"
        | "postBulkPersonalAccessTokensV1" => {
            named("PERSONAL_ACCESS_TOKEN_UPDATED", TOKEN, "UPDATE")
        }
        "deletePersonalAccessTokenV1" => named("PERSONAL_ACCESS_TOKEN_DELETED", TOKEN, "DELETE"),
        "patchAuthUserV1" => named("CAPABILITY_UPDATE_EVENT", "CAPABILITY", "UPDATE"),
        "createCustomUserLevelV1" => named("USER_LEVEL_CREATED", LEVEL, "CREATE"),
        "updateUserLevelV1" => named("USER_LEVEL_UPDATED", LEVEL, "UPDATE"),
        "publishCustomUserLevelV1" => named("USER_LEVEL_PUBLISHED", LEVEL, "PUBLISH"),
        "deleteUserLevelV1" => named("USER_LEVEL_DELETED", LEVEL, "DELETE"),
        "importAccountsV1" => Some(Deed::new("SOURCE", "AGGREGATE")),
        "startIdentitiesInviteV1" => Some(Deed::new("USER", "INVITE")),
        "startIdentityProcessingV1" => Some(Deed::new("IDENTITY", "PROCESS")),
        "sendClassifyMachineAccountV1" => Some(Deed::new("ACCOUNT", "CLASSIFY")),
        "importIdentityProfilesV1" => Some(Deed::new("IDENTITY_PROFILE", "IMPORT")),
        "setLifecycleStateV1" => Some(Deed::new("IDENTITY", "SET_LIFECYCLE_STATE")),
        id if crate::routing::READS.contains(&id) => None,
        _ => {
            let verb = match operation.method {
                Method::Get => return None,
                Method::Post => "CREATE",
                Method::Put | Method::Patch => "UPDATE",
                Method::Delete => "DELETE",
            };
            let service = operation.path.split('/').nth(1).unwrap_or_default();
            let object = match service.strip_suffix("ies") {
                Some(stem) => format!("{stem}y"),
                None => service.trim_end_matches('s').to_owned(),
            };
            let object = object.replace('-', "_").to_uppercase();
            Some(Deed::new(&object, verb))
        }
    }
}
