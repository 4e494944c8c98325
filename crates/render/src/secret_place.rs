//! Place of a secret in a document, for messages.

use crate::error::RenderError;
use serde::Serialize;
use serde_json::Value;

/// The first key or value that has a secret, such as `` `steps[2].before.name` ``.
///
/// # Errors
/// A document that cannot be serialized.
pub fn secret_place(
    document: &impl Serialize,
    is_secret: impl Fn(&str) -> bool,
) -> Result<Option<String>, RenderError> {
    let value = serde_json::to_value(document).map_err(|source| RenderError::Json {
        what: "the plan",
        source,
    })?;
    let place = below(&value, &is_secret);
    Ok(place.map(|place| format!("`{}`", place.trim_start_matches('.'))))
}

fn below(value: &Value, is_secret: &impl Fn(&str) -> bool) -> Option<String> {
    match value {
        Value::String(text) => is_secret(text).then(String::new),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| Some(format!("[{index}]{}", below(item, is_secret)?))),
        Value::Object(fields) => fields.iter().find_map(|(name, field)| {
            let below = if is_secret(name) {
                String::new()
            } else {
                below(field, is_secret)?
            };
            Some(format!(".{name}{below}"))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}
