//! Changed field of a step: value before and after.

use super::difference::TextChange;
use model::{Fields, Step, visible};
use serde_json::Value;
use std::collections::BTreeMap;

/// A field that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldView {
    pub(crate) name: String,
    pub(crate) change: FieldChange,
}

/// What happens to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FieldChange {
    /// It is set to these; a single value is a list of one.
    Set(Vec<String>),
    /// It goes, and with it these.
    Gone(Vec<String>),
    /// A text changes.
    Text(TextChange),
    /// A list changes: what comes, what goes, what stays.
    List {
        added: Vec<String>,
        removed: Vec<String>,
        kept: Vec<String>,
    },
    /// Values by name change, such as the mappings of an identity profile.
    Pairs(Vec<FieldView>),
}

impl FieldView {
    /// Whether the name says nothing that the line's label does not say, such
    /// as `userLevels` behind "user levels".
    pub(crate) fn goes_without_saying(&self) -> bool {
        matches!(
            self.name.as_str(),
            "userLevels" | "attributes" | "to" | "identitiesFor"
        )
    }
}

/// The fields of a step that are worth showing: all of what is made or
/// deleted, and what differs where something is changed. Ids and names come
/// first; `mappings.uid` and the like are put together.
pub(crate) fn fields_of(step: &Step) -> Vec<FieldView> {
    let mut shown: Vec<FieldView> = Vec::new();
    let mut pairs: BTreeMap<&str, Vec<FieldView>> = BTreeMap::new();
    for name in step.changed_fields() {
        let Some(change) = change(
            value(step.before.as_ref(), name),
            value(step.after.as_ref(), name),
        ) else {
            continue;
        };
        match name.split_once('.') {
            Some((group, key)) => pairs.entry(group).or_default().push(FieldView {
                name: visible(key),
                change,
            }),
            None => shown.push(FieldView {
                name: visible(name),
                change,
            }),
        }
    }
    shown.sort_by_key(|field| rank(&field.name));
    shown.extend(pairs.into_iter().map(|(name, fields)| FieldView {
        name: visible(name),
        change: FieldChange::Pairs(fields),
    }));
    shown
}

/// Sorting is stable, so the rest stays in the order of its names.
pub(crate) fn rank(name: &str) -> usize {
    ["id", "name", "owner"]
        .iter()
        .position(|first| *first == name)
        .unwrap_or(usize::MAX)
}

fn value<'a>(fields: Option<&'a Fields>, name: &str) -> Option<&'a Value> {
    fields?.get(name).filter(|value| !value.is_null())
}

/// What happens to a value; nothing where it is not there before and after.
fn change(before: Option<&Value>, after: Option<&Value>) -> Option<FieldChange> {
    Some(match (before, after) {
        (None, None) => return None,
        (None, Some(after)) => FieldChange::Set(texts(after)),
        (Some(before), None) => FieldChange::Gone(texts(before)),
        (Some(Value::Array(before)), Some(Value::Array(after))) => list_change(
            &before.iter().flat_map(texts).collect::<Vec<_>>(),
            &after.iter().flat_map(texts).collect::<Vec<_>>(),
        ),
        (Some(before), Some(after)) => FieldChange::Text(TextChange::new(
            texts(before).join(", "),
            texts(after).join(", "),
        )),
    })
}

fn list_change(before: &[String], after: &[String]) -> FieldChange {
    let without = |these: &[String], those: &[String]| -> Vec<String> {
        these
            .iter()
            .filter(|item| !those.contains(item))
            .cloned()
            .collect()
    };
    let (added, removed) = (without(after, before), without(before, after));
    if added.is_empty() && removed.is_empty() {
        // Only the order differs.
        return FieldChange::Text(TextChange::new(before.join(", "), after.join(", ")));
    }
    let kept = after
        .iter()
        .filter(|item| before.contains(item))
        .cloned()
        .collect();
    FieldChange::List {
        added,
        removed,
        kept,
    }
}

/// A value as a person reads it: texts without quotation marks, lists as items.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) if items.is_empty() => vec!["none".to_owned()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::String(text) if text.is_empty() => vec!["\"\"".to_owned()],
        Value::String(text) => vec![visible(text)],
        Value::Null => vec!["none".to_owned()],
        other => vec![visible(&other.to_string())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_before_and_after_become_changes() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        for (before, after, expected) in [
            (json!(null), json!(null), None),
            (
                json!(null),
                json!("a"),
                Some(FieldChange::Set(words(&["a"]))),
            ),
            (
                json!(null),
                json!(["a", "b"]),
                Some(FieldChange::Set(words(&["a", "b"]))),
            ),
            (
                json!(["a"]),
                json!(null),
                Some(FieldChange::Gone(words(&["a"]))),
            ),
            (
                json!(["a", "b"]),
                json!(["b", "c"]),
                Some(FieldChange::List {
                    added: words(&["c"]),
                    removed: words(&["a"]),
                    kept: words(&["b"]),
                }),
            ),
            (
                json!([]),
                json!(["a"]),
                Some(FieldChange::List {
                    added: words(&["a"]),
                    removed: Vec::new(),
                    kept: Vec::new(),
                }),
            ),
            (
                json!(["a", "b"]),
                json!(["b", "a"]),
                Some(FieldChange::Text(TextChange::new(
                    "a, b".to_owned(),
                    "b, a".to_owned(),
                ))),
            ),
            (
                json!("x\ny"),
                json!(""),
                Some(FieldChange::Text(TextChange::new(
                    "x⏎y".to_owned(),
                    "\"\"".to_owned(),
                ))),
            ),
            (
                json!(10),
                json!(20),
                Some(FieldChange::Text(TextChange::new(
                    "10".to_owned(),
                    "20".to_owned(),
                ))),
            ),
        ] {
            let there = |value: &'_ Value| (!value.is_null()).then(|| value.clone());
            assert_eq!(
                change(there(&before).as_ref(), there(&after).as_ref()),
                expected,
                "{before} {after}"
            );
        }
    }
}
