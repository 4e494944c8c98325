//! Grants and removes the user levels of identities.

use serde_json::{Value, json};

use super::Tenant;
use super::fields::illegal_change;
use super::records::{Deed, Identity};
use crate::clock::iso;
use crate::errors::{ControlError, Refusal};

impl Tenant {
    /// The authentication user as ISC answers it.
    pub(crate) fn auth_user_wire(&self, identity: &Identity) -> Value {
        let mut wire = json!({
            "tenant": self.org,
            "id": identity.id,
            "uid": identity.alias,
            "identificationNumber": identity.attribute("identificationNumber"),
            "email": identity.email(),
            "phone": identity.attribute("phone"),
            "workPhone": identity.attribute("workPhone"),
            "personalEmail": identity.attribute("personalEmail"),
            "firstname": identity.attribute("firstname"),
            "lastname": identity.attribute("lastname"),
            "displayName": identity.name,
            "alias": identity.alias,
            "lastPasswordChangeDate": identity.registered.map(iso),
            "lastLoginTimestamp": identity.registered.map_or(0, jiff::Timestamp::as_millisecond),
            "currentLoginTimestamp": identity.registered.map_or(0, jiff::Timestamp::as_millisecond),
            "lastUnlockTimestamp": null,
            "capabilities": identity.levels,
        });
        if let Some(profile) = &identity.profile {
            wire["profile"] = json!(profile);
        }
        wire
    }

    /// Sets the user levels of an identity, as the caller with this id.
    pub(crate) fn change_auth_user(
        &mut self,
        caller: &str,
        id: &str,
        wanted: &Value,
    ) -> Result<(), Refusal> {
        let identity = self.identity(id)?;
        let current = self.auth_user_wire(identity);
        if let (Value::Object(wanted), Value::Object(current)) = (wanted, &current) {
            let changed = wanted
                .iter()
                .find(|(name, value)| {
                    name.as_str() != "capabilities" && current.get(*name) != Some(value)
                })
                .map(|(name, _)| name)
                .or_else(|| {
                    current
                        .keys()
                        .find(|name| *name != "capabilities" && !wanted.contains_key(*name))
                });
            if let Some(field) = changed {
                return Err(illegal_change(field));
            }
        }
        let mut levels: Vec<String> = match wanted.get("capabilities") {
            // Nothing is no list: the levels would all be gone, by a mistake most likely.
            None | Some(Value::Null) => {
                return Err(Refusal::illegal_value(
                    "capabilities must be a list of user levels; an empty one removes them.",
                ));
            }
            Some(list) => serde_json::from_value(list.clone()).map_err(|_| {
                Refusal::illegal_value("capabilities must be a list of user levels.")
            })?,
        };
        let mut seen = std::collections::BTreeSet::new();
        levels.retain(|level| seen.insert(level.clone()));
        if !self.is_org_admin(caller) {
            return Err(Refusal::forbidden_because(
                "Only an administrator can grant user levels.",
            ));
        }
        if caller == id && levels.iter().any(|level| !identity.levels.contains(level)) {
            return Err(Refusal::forbidden_because(
                "Nobody can grant user levels to themselves.",
            ));
        }
        self.check_levels(&levels)?;
        self.write_levels(id, levels);
        Ok(())
    }

    /// Sets user levels out of band, as another administrator could.
    pub fn set_levels_out_of_band(
        &mut self,
        who: &str,
        levels: Vec<String>,
    ) -> Result<(), ControlError> {
        let id = self.find_person(who)?;
        self.check_levels(&levels)?;
        self.write_levels(&id, levels);
        let (actor, target) = (self.actor(&self.admin_identity()), self.actor(&id));
        let deed = Deed::named("CAPABILITY_UPDATE_EVENT", "CAPABILITY", "UPDATE");
        self.note(&actor, deed, &target);
        Ok(())
    }

    pub(crate) fn is_org_admin(&self, identity: &str) -> bool {
        self.identities.get(identity).is_some_and(|identity| {
            identity
                .levels
                .iter()
                .any(|level| level == catalog::ORG_ADMIN)
        })
    }

    fn check_levels(&self, levels: &[String]) -> Result<(), Refusal> {
        for level in levels {
            if !self.is_assignable_level(level) {
                return Err(Refusal::illegal_value(format!(
                    "There is no user level {level:?}."
                )));
            }
        }
        for (index, one) in levels.iter().enumerate() {
            for other in &levels[index + 1..] {
                if !catalog::may_combine(one, other) {
                    return Err(Refusal::illegal_value(format!(
                        "The user levels {one} and {other} cannot be combined."
                    )));
                }
            }
        }
        Ok(())
    }

    fn write_levels(&mut self, id: &str, levels: Vec<String>) {
        let now = self.now;
        self.identities.update(id, |identity| {
            identity.levels = levels;
            identity.modified = now;
        });
        self.touch();
    }
}
