//! Identity attributes: those of every tenant, and those added to it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::errors::Refusal;
use crate::tenant::fields::{optional_text, required_text};

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
    /// Where its values come from. Kept, without a meaning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) sources: Vec<Value>,
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
                sources: Vec::new(),
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
            "sources": self.sources,
        })
    }

    pub(crate) fn read(body: &Value) -> Result<Self, Refusal> {
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
            sources: body
                .get("sources")
                .and_then(Value::as_array)
                .map(|sources| sources.iter().map(without_nulls).collect())
                .unwrap_or_default(),
        })
    }
}

/// A source without its nulls: they count as absent, and the description allows none in answers.
fn without_nulls(source: &Value) -> Value {
    let mut source = source.clone();
    if let Value::Object(fields) = &mut source {
        fields.retain(|_, value| !value.is_null());
    }
    source
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nulls_of_a_source_are_absent() {
        let read = |source: Value| {
            let body = json!({"name": "costCenter", "type": null, "sources": [source]});
            IdentityAttribute::read(&body).unwrap().wire()["sources"][0].take()
        };
        assert_eq!(
            read(json!({"type": "rule", "properties": null})),
            json!({"type": "rule"})
        );
        let kept = json!({"type": "rule", "properties": {"ruleName": "Rule", "other": null}});
        assert_eq!(read(kept.clone()), kept);
    }
}
