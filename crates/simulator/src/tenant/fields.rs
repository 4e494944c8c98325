//! Reads and compares the fields of request bodies, with ISC's refusals.

use serde_json::Value;

use crate::errors::Refusal;

/// A text that is required and not blank.
pub(crate) fn required_text(body: &Value, field: &str) -> Result<String, Refusal> {
    match optional_text(body, field)? {
        Some(text) if !text.trim().is_empty() => Ok(text),
        _ => Err(Refusal::missing(field)),
    }
}

/// A text that may be missing or null.
pub(crate) fn optional_text(body: &Value, field: &str) -> Result<Option<String>, Refusal> {
    match body.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Refusal::illegal_value(format!("{field} must be a text."))),
    }
}

/// A list of texts; empty where it is missing or null.
pub(crate) fn texts(body: &Value, field: &str) -> Result<Vec<String>, Refusal> {
    match body.get(field) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(list) => serde_json::from_value(list.clone())
            .map_err(|_| Refusal::illegal_value(format!("{field} must be a list of texts."))),
    }
}

/// Refuses a representation that changes one of these fields, which only the server changes.
pub(crate) fn refuse_changes(
    wanted: &Value,
    current: &Value,
    fields: &[&str],
) -> Result<(), Refusal> {
    match fields
        .iter()
        .find(|field| wanted.get(**field) != current.get(**field))
    {
        Some(field) => Err(illegal_change(field)),
        None => Ok(()),
    }
}

/// The refusal of a change to a field that only the server changes.
pub(crate) fn illegal_change(field: &str) -> Refusal {
    Refusal::illegal_update(format!("Illegal attempt to modify {field}."))
}
