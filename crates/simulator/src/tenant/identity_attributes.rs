//! The attributes that identities can have.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Tenant;
use super::sources::{optional_text, required_text};
use crate::errors::Refusal;

/// An identity attribute.
#[expect(clippy::struct_excessive_bools, reason = "the flags are ISC\'s")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct IdentityAttribute {
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) kind: String,
    pub(crate) standard: bool,
    pub(crate) multi: bool,
    pub(crate) searchable: bool,
    pub(crate) system: bool,
}

impl IdentityAttribute {
    /// Those that every tenant has.
    pub(crate) fn built_in() -> BTreeMap<String, Self> {
        let standard = [
            ("uid", "SailPoint User Name"),
            ("email", "Work Email"),
            ("firstname", "First Name"),
            ("lastname", "Last Name"),
            ("displayName", "Display Name"),
            ("personalEmail", "Personal Email"),
            ("phone", "Home Phone"),
            ("workPhone", "Work Phone"),
            ("identificationNumber", "Employee Number"),
            ("manager", "Manager"),
            ("startDate", "Start Date"),
            ("endDate", "End Date"),
            ("department", "Department"),
            ("location", "Location"),
            ("jobTitle", "Job Title"),
            ("country", "Country"),
            ("city", "City"),
        ];
        let system = [
            ("cloudLifecycleState", "Lifecycle State"),
            ("identityState", "Identity State"),
        ];
        let attribute = |(name, display_name): (&str, &str), system| {
            let attribute = Self {
                name: name.to_owned(),
                display_name: display_name.to_owned(),
                kind: "string".into(),
                standard: true,
                multi: false,
                searchable: matches!(
                    name,
                    "uid" | "email" | "firstname" | "lastname" | "displayName"
                ),
                system,
            };
            (name.to_owned(), attribute)
        };
        standard
            .into_iter()
            .map(|entry| attribute(entry, false))
            .chain(system.into_iter().map(|entry| attribute(entry, true)))
            .collect()
    }

    /// The attribute as ISC answers it.
    pub(crate) fn wire(&self) -> Value {
        json!({
            "name": self.name,
            "displayName": self.display_name,
            "standard": self.standard,
            "type": self.kind,
            "multi": self.multi,
            "searchable": self.searchable,
            "system": self.system,
            "sources": [],
        })
    }

    fn read(body: &Value) -> Result<Self, Refusal> {
        let name = required_text(body, "name")?;
        let flag = |field: &str| body.get(field).and_then(Value::as_bool).unwrap_or(false);
        Ok(Self {
            display_name: optional_text(body, "displayName")?.unwrap_or_else(|| name.clone()),
            name,
            kind: optional_text(body, "type")?.unwrap_or_else(|| "string".into()),
            standard: false,
            multi: flag("multi"),
            searchable: flag("searchable"),
            system: false,
        })
    }
}

impl Tenant {
    pub(crate) fn identity_attribute(&self, name: &str) -> Result<&IdentityAttribute, Refusal> {
        self.identity_attributes
            .get(name)
            .ok_or_else(|| Refusal::not_found(format!("Identity attribute {name}")))
    }

    /// Adds an attribute.
    pub(crate) fn create_identity_attribute(&mut self, body: &Value) -> Result<String, Refusal> {
        let attribute = IdentityAttribute::read(body)?;
        if self.identity_attributes.contains_key(&attribute.name) {
            return Err(Refusal::illegal_value(format!(
                "The identity attribute {:?} exists.",
                attribute.name
            )));
        }
        let name = attribute.name.clone();
        self.identity_attributes.insert(name.clone(), attribute);
        self.touch();
        Ok(name)
    }

    /// Replaces an attribute; its name stays.
    pub(crate) fn replace_identity_attribute(
        &mut self,
        name: &str,
        body: &Value,
    ) -> Result<(), Refusal> {
        let current = self.identity_attribute(name)?;
        let mut attribute = IdentityAttribute::read(body)?;
        if attribute.name != name {
            return Err(Refusal::illegal_update(
                "The name of an identity attribute cannot be changed.",
            ));
        }
        if current.system || current.standard {
            if attribute.kind != current.kind || attribute.multi != current.multi {
                return Err(Refusal::illegal_update(
                    "Standard identity attributes keep their type.",
                ));
            }
            attribute.system = current.system;
            attribute.standard = current.standard;
        }
        self.identity_attributes.insert(name.to_owned(), attribute);
        self.touch();
        Ok(())
    }

    /// Deletes attributes: all of them or none.
    pub(crate) fn delete_identity_attributes(&mut self, names: &[String]) -> Result<(), Refusal> {
        for name in names {
            let attribute = self.identity_attribute(name)?;
            if attribute.standard || attribute.system {
                return Err(Refusal::illegal_value(format!(
                    "The standard identity attribute {name:?} cannot be deleted."
                )));
            }
            let mapped = self.profiles.values().any(|profile| {
                profile
                    .mappings
                    .iter()
                    .any(|mapping| mapping.identity_attribute_name == *name)
            });
            if mapped {
                return Err(Refusal::reference(format!(
                    "The identity attribute {name:?} is mapped in an identity profile."
                )));
            }
        }
        for name in names {
            self.identity_attributes.remove(name);
        }
        self.touch();
        Ok(())
    }
}
