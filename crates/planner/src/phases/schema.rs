//! The account schema: the guide's four attributes and what the source adds.

use crate::draft::{Against, Draft, NewStep};
use crate::view::{live_source, source_ref};
use model::{
    AccountAttribute, Action, Address, AttributeSpec, Fields, Live, LiveSchema, LiveSource,
    ManagedSource, Operation, Reason, SourceName,
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Plans the account schema of a managed source.
pub(crate) fn plan(draft: &mut Draft, live: &Live, name: &SourceName, wanted: &ManagedSource) {
    let address = Address::Schema(name.clone());
    let attributes = wanted.schema_attributes();
    let operation = Operation::DefineSchema {
        source: source_ref(live, name),
        attributes: attributes.clone(),
    };
    let source_step = Address::Source(name.clone());
    let Some(source) = live_source(live, name) else {
        if draft.plans(&source_step) {
            let after = Some(declared(&attributes, &BTreeMap::new()));
            draft
                .step(NewStep {
                    address,
                    action: Action::Create,
                    reason: Reason::NotInTenant,
                    before: None,
                    after,
                    operation,
                })
                .after([source_step]);
        }
        return;
    };
    if source.kind != LiveSource::DELIMITED_FILE {
        return;
    }
    let schema = match source.schema.complete() {
        Ok(Some(schema)) => schema,
        Ok(None) => return,
        Err(why) => {
            draft.block_unread(address, &format!("the account schema of \"{name}\""), why);
            return;
        }
    };
    let undescribed = described(wanted);
    let before = observed(schema, &undescribed);
    let after = declared(&attributes, &undescribed);
    if before == after {
        return;
    }
    let loses = loses_cells(source, &attributes);
    let dependencies = draft.planned([source_step]);
    let step = draft.step(NewStep {
        address,
        action: Action::Update,
        reason: Reason::FieldsDiffer,
        before: Some(before),
        after: Some(after),
        operation,
    });
    step.against(schema.fingerprint()).after(dependencies);
    step.destructive = loses;
}

/// The descriptions that the spec manages: those of attributes that declare one.
/// The guide's four get a description when they are made, and keep whatever
/// somebody writes there later.
fn described(wanted: &ManagedSource) -> BTreeMap<AccountAttribute, String> {
    wanted
        .attributes
        .iter()
        .filter_map(|attribute| Some((attribute.name.clone(), attribute.description.clone()?)))
        .collect()
}

fn declared(
    attributes: &[AttributeSpec],
    described: &BTreeMap<AccountAttribute, String>,
) -> Fields {
    let rows = attributes.iter().map(|attribute| {
        let description = described.get(&attribute.name).cloned();
        row(attribute.name.as_str(), "STRING", false, description)
    });
    all_fields(Some("id"), Some("name"), rows)
}

fn observed(schema: &LiveSchema, described: &BTreeMap<AccountAttribute, String>) -> Fields {
    let rows = schema.attributes.iter().map(|attribute| {
        let description = described
            .contains_key(&attribute.name)
            .then(|| attribute.description.clone().unwrap_or_default());
        let kind = attribute.kind.to_ascii_uppercase();
        row(attribute.name.as_str(), &kind, attribute.multi, description)
    });
    all_fields(
        schema.identity_attribute.as_ref().map(AsRef::as_ref),
        schema.display_attribute.as_ref().map(AsRef::as_ref),
        rows,
    )
}

/// What of an attribute is compared, as the text that a person reads: the name
/// alone for the usual single string.
fn row(name: &str, kind: &str, multi: bool, description: Option<String>) -> String {
    let mut parts = Vec::new();
    if kind != "STRING" {
        parts.push(kind.to_lowercase());
    }
    if multi {
        parts.push("several values".to_owned());
    }
    parts.extend(description);
    if parts.is_empty() {
        name.to_owned()
    } else {
        format!("{name} ({})", parts.join(", "))
    }
}

/// The attributes in any order, and what identifies and names an account where
/// that is not as the guide has it.
fn all_fields(
    identity: Option<&str>,
    display: Option<&str>,
    attributes: impl Iterator<Item = String>,
) -> Fields {
    let attributes: BTreeSet<String> = attributes.collect();
    let mut fields = Fields::from([("attributes".to_owned(), json!(attributes))]);
    if identity != Some("id") {
        fields.insert("identityAttribute".to_owned(), json!(identity));
    }
    if display != Some("name") {
        fields.insert("displayAttribute".to_owned(), json!(display));
    }
    fields
}

/// Whether an account has a value in an attribute that goes.
fn loses_cells(source: &LiveSource, attributes: &[AttributeSpec]) -> bool {
    source
        .accounts
        .found()
        .iter()
        .flat_map(|account| account.cells.keys())
        .any(|column| {
            !attributes.iter().any(|attribute| &attribute.name == column)
                && source.schema.found().as_ref().is_some_and(|schema| {
                    schema
                        .attributes
                        .iter()
                        .any(|attribute| &attribute.name == column)
                })
        })
}
