//! Plans the account schema: the guide's four attributes and what the source adds.

use crate::classify::schema::{self, AttributeShape, SchemaOutcome, Shape};
use crate::draft::{Draft, NewStep, StepExt};
use crate::problems::AT_TENANT;
use crate::view::{live_source, source_ref};
use model::{
    AccountAttribute, Action, Address, AttributeSpec, Fields, Live, LiveSchema, ManagedSource,
    Operation, Problem, ProblemEffect, Reason, Removal, SourceName,
};
use serde_json::json;
use std::collections::BTreeSet;

/// Plans the account schema of a managed source.
pub(crate) fn plan(draft: &mut Draft, live: &Live, name: &SourceName, wanted: &ManagedSource) {
    let address = Address::Schema(name.clone());
    let source_step = Address::Source(name.clone());
    let operation = |observed: Option<&LiveSchema>| Operation::DefineSchema {
        source: source_ref(live, name),
        attributes: to_write(wanted, observed),
        removes: removal(live, name, wanted),
    };
    let outcome = schema::classify(
        wanted,
        live_source(live, name),
        draft.plans(&source_step),
        &live.profiles,
    );
    match outcome {
        SchemaOutcome::NoSource
        | SchemaOutcome::OtherType
        | SchemaOutcome::NotRead
        | SchemaOutcome::Matches => {}
        SchemaOutcome::OtherIds {
            attribute,
            example,
            count,
        } => {
            let by = attribute.map_or_else(
                || "no attribute".to_owned(),
                |attribute| format!("`{attribute}`"),
            );
            let cell = example.cells.get("id").map_or("", String::as_str);
            draft.problems.push(Problem {
                code: AT_TENANT,
                address,
                field: None,
                message: format!(
                    "source \"{name}\" identifies accounts by {by}, and the `id` of {count} of them is another, such as {} with the id \"{cell}\"",
                    example.native_identity
                ),
                help: "steersman identifies accounts by `id`, so these would become other accounts, and lose their identities and tokens; use a source of its own for the service accounts, or set the Account ID of the account schema to `id` in ISC and aggregate the source again".to_owned(),
                effect: ProblemEffect::RefusesPlan,
            });
        }
        SchemaOutcome::AccountsUnread { why } => {
            draft.block_unread(address, &format!("the accounts of \"{name}\""), why);
        }
        SchemaOutcome::ProfileUnread { why } => {
            draft.block_unread(address, &format!("the identity profile of \"{name}\""), why);
        }
        SchemaOutcome::ProfilesUnread { why } => {
            draft.block_unread(address, "the identity profiles", why);
        }
        SchemaOutcome::Unread(why) => {
            draft.block_unread(address, &format!("the account schema of \"{name}\""), why);
        }
        SchemaOutcome::Missing { declared } => {
            draft
                .step(NewStep {
                    address,
                    action: Action::Create,
                    reason: Reason::NotInTenant,
                    before: None,
                    after: Some(as_fields(&declared)),
                    operation: operation(None),
                })
                .after([source_step]);
        }
        SchemaOutcome::Differs {
            schema,
            observed,
            declared,
            loses_values,
        } => {
            let first = draft.planned([source_step]);
            let step = draft.step(NewStep {
                address,
                action: Action::Update,
                reason: Reason::FieldsDiffer,
                before: Some(as_fields(&observed)),
                after: Some(as_fields(&declared)),
                operation: operation(Some(schema)),
            });
            step.observed(schema.fingerprint()).after(first);
            step.destructive = loses_values;
        }
    }
}

/// What the declared schema removes, and the accounts that may have values in it.
fn removal(live: &Live, name: &SourceName, wanted: &ManagedSource) -> Removal {
    let source = live_source(live, name);
    let Some((source, Ok(Some(schema)))) = source.map(|source| (source, source.schema.complete()))
    else {
        return Removal::default();
    };
    let attributes = schema::dropped(schema, &wanted.schema_attributes());
    if attributes.is_empty() {
        return Removal::default();
    }
    let accounts = source.accounts.found().iter();
    let declared = wanted.identity_profile.as_ref();
    let mapped = schema::read_by_mappings(source, live.profiles.found(), &attributes)
        .into_iter()
        .filter(|read| read.is_of(source))
        .map(|read| read.target)
        .filter(|target| declared.is_some_and(|profile| profile.mappings.contains_key(*target)))
        .cloned()
        .collect();
    Removal {
        mapped,
        attributes: attributes.into_iter().cloned().collect(),
        accounts: accounts
            .map(|account| account.native_identity.clone())
            .collect(),
    }
}

/// The attributes as they are written. A guide attribute that is there keeps its
/// description: what a plan does not show is not changed.
fn to_write(wanted: &ManagedSource, observed: Option<&LiveSchema>) -> Vec<AttributeSpec> {
    let is_there = |name: &AccountAttribute| {
        observed.is_some_and(|schema| {
            let mut attributes = schema.attributes.iter();
            attributes.any(|attribute| attribute.name == *name)
        })
    };
    let guide = ManagedSource::GUIDE_ATTRIBUTES.map(|(name, _)| AccountAttribute::from(name));
    let mut attributes = wanted.schema_attributes();
    for attribute in &mut attributes {
        if guide.contains(&attribute.name) && is_there(&attribute.name) {
            attribute.description = None;
        }
    }
    attributes
}

/// The attributes, and what identifies and names an account where that is not
/// as the guide has it.
fn as_fields(shape: &Shape) -> Fields {
    let Shape {
        identity_attribute,
        display_attribute,
        attributes,
    } = shape;
    let attributes: BTreeSet<String> = attributes.iter().map(attribute_text).collect();
    let mut fields = Fields::from_iter([("attributes".to_owned(), json!(attributes))]);
    if identity_attribute.as_deref() != Some("id") {
        fields.insert("identityAttribute".to_owned(), json!(identity_attribute));
    }
    if display_attribute.as_deref() != Some("name") {
        fields.insert("displayAttribute".to_owned(), json!(display_attribute));
    }
    fields
}

/// An attribute as a person reads it: the name alone for the usual single string.
fn attribute_text(attribute: &AttributeShape) -> String {
    let AttributeShape {
        name,
        kind,
        multi,
        description,
    } = attribute;
    let mut parts = Vec::new();
    if kind != "STRING" {
        parts.push(kind.to_lowercase());
    }
    if *multi {
        parts.push("several values".to_owned());
    }
    parts.extend(description.clone());
    if parts.is_empty() {
        name.clone()
    } else {
        format!("{name} ({})", parts.join(", "))
    }
}
