//! Registers machine identities, and accounts as those of machines.
//!
//! The description's part for identities, sources and tokens does not have them; the fields are those
//! of the models of SailPoint's Python SDK 2.1.72.

use serde_json::{Map, Value, json};

use super::Tenant;
use super::fields::{optional_text, refuse_changes, required_text};
use super::records::{MachineAccount, MachineIdentity};
use crate::clock::iso;
use crate::errors::Refusal;

/// The versions of the operations, whose owners have other names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MachineVersion {
    V1,
    V2,
}

impl MachineVersion {
    /// The names of the first owner and of the others.
    fn owner_fields(self) -> (&'static str, &'static str) {
        match self {
            Self::V1 => ("primaryIdentity", "secondaryIdentities"),
            Self::V2 => ("primary", "secondary"),
        }
    }
}

/// What only the server changes.
const SERVERS: &[&str] = &["id", "created", "modified"];

impl Tenant {
    pub(crate) fn machine_identity(&self, id: &str) -> Result<&MachineIdentity, Refusal> {
        self.machine_identities
            .get(id)
            .ok_or_else(|| Refusal::not_found(format!("Machine identity {id}")))
    }

    /// The machine identity as a version of the API answers it.
    pub(crate) fn machine_identity_wire(
        &self,
        machine: &MachineIdentity,
        version: MachineVersion,
    ) -> Value {
        let owners: Vec<Value> = (machine.secondary_owners.iter())
            .map(|id| self.identity_reference(id))
            .collect();
        let primary = machine.primary_owner.as_ref();
        let (first, others) = version.owner_fields();
        let owners = primary.map(|id| json!({first: self.identity_reference(id), others: owners}));
        let mut wire = json!({
            "id": machine.id,
            "name": machine.name,
            "created": iso(machine.created),
            "modified": iso(machine.modified),
            "nativeIdentity": machine.native_identity,
            "description": machine.description,
            "attributes": machine.attributes,
            "subtype": machine.subtype,
            "owners": owners,
            "sourceId": machine.source,
            "uuid": machine.uuid,
            "userEntitlements": [],
        });
        if version == MachineVersion::V2 {
            let source = machine.source.as_ref().and_then(|id| self.sources.get(id));
            wire["environment"] = json!(machine.environment);
            wire["manuallyEdited"] = json!(machine.manually_edited);
            wire["manuallyCreated"] = json!(true);
            wire["connectorAttributes"] = json!({});
            wire["source"] = json!(
                source
                    .map(|source| json!({"type": "SOURCE", "id": source.id, "name": source.name}))
            );
        }
        wire
    }

    /// Registers a machine identity.
    pub(crate) fn create_machine_identity(
        &mut self,
        body: &Value,
        version: MachineVersion,
    ) -> Result<String, Refusal> {
        let now = self.now;
        let mut machine = MachineIdentity {
            id: String::new(),
            name: String::new(),
            native_identity: String::new(),
            description: None,
            attributes: Map::new(),
            subtype: None,
            environment: None,
            uuid: None,
            source: None,
            primary_owner: None,
            secondary_owners: Vec::new(),
            manually_edited: false,
            created: now,
            modified: now,
        };
        self.read_machine_identity(&mut machine, body, version)?;
        machine.id = self.ids.uuid();
        if machine.native_identity.is_empty() {
            machine.native_identity.clone_from(&machine.id);
        }
        let id = machine.id.clone();
        self.machine_identities.insert(id.clone(), machine);
        self.touch();
        Ok(id)
    }

    /// Makes a machine identity what `wanted` says, the whole representation after a patch.
    pub(crate) fn change_machine_identity(
        &mut self,
        id: &str,
        wanted: &Value,
        version: MachineVersion,
    ) -> Result<(), Refusal> {
        let mut machine = self.machine_identity(id)?.clone();
        refuse_changes(
            wanted,
            &self.machine_identity_wire(&machine, version),
            SERVERS,
        )?;
        self.read_machine_identity(&mut machine, wanted, version)?;
        machine.modified = self.now;
        machine.manually_edited = true;
        self.machine_identities.insert(id.to_owned(), machine);
        self.touch();
        Ok(())
    }

    fn read_machine_identity(
        &self,
        machine: &mut MachineIdentity,
        body: &Value,
        version: MachineVersion,
    ) -> Result<(), Refusal> {
        machine.name = required_text(body, "name")?;
        match version {
            // The first version asks for these.
            MachineVersion::V1 => {
                machine.native_identity = required_text(body, "nativeIdentity")?;
                machine.subtype = Some(required_text(body, "subtype")?);
            }
            MachineVersion::V2 => {
                if let Some(native) = optional_text(body, "nativeIdentity")? {
                    machine.native_identity = native;
                }
                machine.subtype = optional_text(body, "subtype")?;
                machine.environment = optional_text(body, "environment")?;
            }
        }
        machine.description = optional_text(body, "description")?;
        machine.attributes = object(body, "attributes");
        machine.uuid = optional_text(body, "uuid")?;
        machine.source = optional_text(body, "sourceId")?;
        if let Some(source) = &machine.source
            && !self.sources.contains_key(source)
        {
            return Err(Refusal::reference(format!(
                "The source {source} does not exist."
            )));
        }
        let (first, others) = version.owner_fields();
        let owners = body.get("owners").unwrap_or(&Value::Null);
        machine.primary_owner = match owners.get(first) {
            None | Some(Value::Null) => None,
            Some(owner) => Some(self.referred_identity(owner, &format!("owners.{first}"))?),
        };
        let list = owners.get(others).and_then(Value::as_array);
        machine.secondary_owners = (list.into_iter().flatten())
            .map(|owner| self.referred_identity(owner, &format!("owners.{others}")))
            .collect::<Result<_, _>>()?;
        Ok(())
    }

    /// The id of an identity that a reference names.
    fn referred_identity(&self, reference: &Value, field: &str) -> Result<String, Refusal> {
        let id =
            required_text(reference, "id").map_err(|_| Refusal::missing(format!("{field}.id")))?;
        if self.identities.contains(&id) {
            Ok(id)
        } else {
            Err(Refusal::reference(format!(
                "{field} names no identity of this tenant: {id}."
            )))
        }
    }

    /// Removes a machine identity; accounts that were its are nobody's.
    pub(crate) fn delete_machine_identity(&mut self, id: &str) -> Result<(), Refusal> {
        self.machine_identity(id)?;
        self.machine_identities.remove(id);
        let its: Vec<String> = (self.machine_accounts.iter())
            .filter(|(_, account)| account.machine_identity.as_deref() == Some(id))
            .map(|(account, _)| account.clone())
            .collect();
        for account in its {
            if let Some(account) = self.machine_accounts.get_mut(&account) {
                account.machine_identity = None;
            }
        }
        self.touch();
        Ok(())
    }

    /// Classifies an account by hand, and answers whether it is a machine's then. Nothing else
    /// classifies accounts here.
    pub(crate) fn classify_account(&mut self, id: &str, mode: &str) -> Result<bool, Refusal> {
        self.account(id)?;
        let is_machine = match mode {
            "forceMachine" => true,
            "forceHuman" => false,
            _ => return Ok(self.machine_accounts.contains_key(id)),
        };
        if is_machine && !self.machine_accounts.contains_key(id) {
            let account = MachineAccount::default();
            self.machine_accounts.insert(id.to_owned(), account);
        } else if !is_machine {
            self.machine_accounts.remove(id);
        }
        self.touch();
        Ok(is_machine)
    }

    /// The account of a machine, as ISC answers it.
    pub(crate) fn machine_account_wire(&self, id: &str) -> Result<Value, Refusal> {
        let not_found = || Refusal::not_found(format!("Machine account {id}"));
        let machine = self.machine_accounts.get(id).ok_or_else(not_found)?;
        let account = self.accounts.get(id).ok_or_else(not_found)?;
        let source = self.sources.get(&account.source);
        let identity = (machine.machine_identity.as_ref()).map(|id| {
            let name = self.machine_identities.get(id);
            let name = name.map_or("", |found| found.name.as_str());
            json!({"type": "MACHINE_IDENTITY", "id": id, "name": name})
        });
        let owner = machine.owner.as_ref();
        Ok(json!({
            "id": account.id,
            "name": account.name,
            "created": iso(account.created),
            "modified": iso(account.modified),
            "description": machine.description,
            "nativeIdentity": account.native_identity,
            "uuid": null,
            "classificationMethod": "MANUAL",
            "machineIdentity": identity,
            "ownerIdentity": owner.map(|id| self.identity_reference(id)),
            "accessType": source.map(super::records::Source::connection_type),
            "subtype": machine.subtype,
            "environment": machine.environment,
            "attributes": machine.attributes,
            "connectorAttributes": account.attributes,
            "manuallyCorrelated": account.manually_correlated,
            "manuallyEdited": machine.manually_edited,
            "locked": account.locked,
            "enabled": !account.disabled,
            "hasEntitlements": false,
            "source": source.map(
                |source| json!({"type": "SOURCE", "id": source.id, "name": source.name})
            ),
        }))
    }

    /// Makes the account of a machine what `wanted` says, the whole representation after a patch.
    pub(crate) fn change_machine_account(
        &mut self,
        id: &str,
        wanted: &Value,
    ) -> Result<(), Refusal> {
        const CHANGEABLE: [&str; 6] = [
            "description",
            "machineIdentity",
            "ownerIdentity",
            "subtype",
            "environment",
            "attributes",
        ];
        let current = self.machine_account_wire(id)?;
        let kept: Vec<&str> = (current.as_object().into_iter().flatten())
            .map(|(name, _)| name.as_str())
            .filter(|name| !CHANGEABLE.contains(name))
            .collect();
        refuse_changes(wanted, &current, &kept)?;
        let reference = |field: &str| wanted.get(field).filter(|value| !value.is_null());
        let owner = reference("ownerIdentity")
            .map(|owner| self.referred_identity(owner, "ownerIdentity"))
            .transpose()?;
        let machine_identity = reference("machineIdentity")
            .map(|machine| {
                let id = required_text(machine, "id")
                    .map_err(|_| Refusal::missing("machineIdentity.id"))?;
                self.machine_identity(&id).map_err(|_| {
                    Refusal::reference(format!("There is no machine identity {id}."))
                })?;
                Ok::<_, Refusal>(id)
            })
            .transpose()?;
        let changed = MachineAccount {
            description: optional_text(wanted, "description")?,
            machine_identity,
            owner,
            subtype: optional_text(wanted, "subtype")?,
            environment: optional_text(wanted, "environment")?,
            attributes: object(wanted, "attributes"),
            manually_edited: true,
        };
        self.machine_accounts.insert(id.to_owned(), changed);
        self.touch();
        Ok(())
    }
}

fn object(body: &Value, field: &str) -> Map<String, Value> {
    (body.get(field).and_then(Value::as_object).cloned()).unwrap_or_default()
}
