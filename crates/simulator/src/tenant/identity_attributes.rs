//! Creates, replaces and deletes identity attributes.

use serde_json::Value;

use super::Tenant;
use super::records::IdentityAttribute;
use crate::errors::Refusal;

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
