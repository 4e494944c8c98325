//! Looks up, shows and deletes identities.

use serde_json::{Map, Value, json};

use super::Tenant;
use super::records::Identity;
use crate::clock::iso;
use crate::errors::Refusal;

impl Tenant {
    pub(crate) fn identity(&self, id: &str) -> Result<&Identity, Refusal> {
        self.identities
            .get(id)
            .ok_or_else(|| Refusal::not_found(format!("Identity {id}")))
    }

    /// A reference to an identity, as owners and managers are written.
    pub(crate) fn identity_reference(&self, id: &str) -> Value {
        json!({
            "type": "IDENTITY",
            "id": id,
            "name": self.identities.get(id).map_or("", |identity| identity.name.as_str()),
        })
    }

    /// The identity as ISC answers it.
    pub(crate) fn identity_wire(&self, identity: &Identity) -> Value {
        let mut attributes: Map<String, Value> = identity
            .attributes
            .iter()
            .map(|(name, value)| (name.clone(), json!(value)))
            .collect();
        attributes.insert("cloudStatus".into(), json!(identity.status.as_str()));
        attributes.insert(
            "internalCloudStatus".into(),
            json!(identity.status.as_str()),
        );
        attributes.insert("displayName".into(), json!(identity.name));
        if let Some(profile) = identity
            .profile
            .as_ref()
            .and_then(|id| self.profiles.get(id))
        {
            attributes.insert("cloudAuthoritativeSource".into(), json!(profile.source));
        }
        json!({
            "id": identity.id,
            "name": identity.name,
            "created": iso(identity.created),
            "modified": iso(identity.modified),
            "alias": identity.alias,
            "emailAddress": identity.email(),
            "processingState": null,
            "identityStatus": identity.status.as_str(),
            "managerRef": null,
            "isManager": false,
            "lastRefresh": iso(identity.last_refresh),
            "attributes": attributes,
            "lifecycleState": identity.lifecycle_state.as_ref().map(|state| json!({
                "stateName": state, "manuallyUpdated": identity.lifecycle_state_by_hand,
            })),
        })
    }

    /// Deletes an identity. One whose account is still there comes back with the next refresh.
    pub(crate) fn delete_identity(&mut self, id: &str) -> Result<(), Refusal> {
        if self.identity(id)?.protected {
            return Err(Refusal::bad_request(
                "A protected identity cannot be deleted.",
            ));
        }
        if self
            .sources
            .values()
            .any(|source| source.owner.as_deref() == Some(id))
        {
            return Err(Refusal::reference(
                "The identity owns a source and cannot be deleted.",
            ));
        }
        self.remove_identity(id);
        self.touch();
        Ok(())
    }

    /// The id of the identity that a body's `owner` names.
    pub(crate) fn owner_of(&self, body: &Value, required: bool) -> Result<String, Refusal> {
        let owner = body.get("owner").filter(|owner| !owner.is_null());
        let Some(owner) = owner else {
            return if required {
                Err(Refusal::missing("owner"))
            } else {
                Ok(self.admin_identity())
            };
        };
        let id = owner
            .get("id")
            .and_then(Value::as_str)
            .ok_or_else(|| Refusal::missing("owner.id"))?;
        if owner.get("type").is_some_and(|kind| kind != "IDENTITY") {
            return Err(Refusal::illegal_value("owner.type must be IDENTITY."));
        }
        if !self.identities.contains(id) {
            return Err(Refusal::reference(format!(
                "The owner {id} is no identity of this tenant."
            )));
        }
        Ok(id.to_owned())
    }
}
