//! One field of a step: what it was, what it will be.

use model::Step;
use serde_json::Value;
use std::collections::BTreeSet;

/// A field that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldView {
    pub(crate) name: String,
    pub(crate) change: FieldChange,
}

/// What happens to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FieldChange {
    /// It is set.
    Set(String),
    /// It goes, and with it this.
    Gone(String),
    /// A text changes.
    Text { before: String, after: String },
    /// A list changes: what comes, what goes, what stays.
    List {
        added: Vec<String>,
        removed: Vec<String>,
        kept: Vec<String>,
    },
}

/// The fields of a step that are worth showing: all of what is made or
/// deleted, and what differs where something is changed.
pub(crate) fn fields_of(step: &Step) -> Vec<FieldView> {
    step.changed_fields()
        .into_iter()
        .filter_map(|name| {
            let value = |fields: &Option<model::Fields>| {
                fields.as_ref().and_then(|fields| fields.get(name)).cloned()
            };
            let change = change(value(&step.before), value(&step.after))?;
            Some(FieldView {
                name: name.to_owned(),
                change,
            })
        })
        .collect()
}

fn change(before: Option<Value>, after: Option<Value>) -> Option<FieldChange> {
    match (before, after) {
        (None | Some(Value::Null), Some(after)) => Some(FieldChange::Set(text(&after))),
        (Some(before), None | Some(Value::Null)) => Some(FieldChange::Gone(text(&before))),
        (Some(Value::Array(before)), Some(Value::Array(after))) => {
            let before: BTreeSet<String> = before.iter().map(text).collect();
            let after: BTreeSet<String> = after.iter().map(text).collect();
            Some(FieldChange::List {
                added: after.difference(&before).cloned().collect(),
                removed: before.difference(&after).cloned().collect(),
                kept: before.intersection(&after).cloned().collect(),
            })
        }
        (Some(before), Some(after)) => Some(FieldChange::Text {
            before: text(&before),
            after: text(&after),
        }),
        (None, None) => None,
    }
}

/// A value as a person reads it: texts without quotation marks, lists with commas.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Null => "none".to_owned(),
        other => other.to_string(),
    }
}
