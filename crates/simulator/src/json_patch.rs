//! JSON Patch (RFC 6902), as ISC's `PATCH` operations take it.

use serde_json::Value;

use crate::errors::Refusal;
use crate::shapes::{Place, Shape};

/// The document after all operations of the patch; none of them is applied if one fails. A field
/// that neither the document nor its shape has does not exist, and cannot be set (RFC 6902, 4.3).
pub(crate) fn patched(
    document: &Value,
    patch: &Value,
    shape: Option<&Shape>,
) -> Result<Value, Refusal> {
    // One operation of ISC documents its patch inside an object.
    let operations = patch.get("operations").unwrap_or(patch);
    let Value::Array(operations) = operations else {
        return Err(Refusal::bad_request(
            "The body must be a list of JSON Patch operations.",
        ));
    };
    let mut document = document.clone();
    for operation in operations {
        apply(&mut document, operation, shape)?;
    }
    Ok(document)
}

fn apply(document: &mut Value, operation: &Value, shape: Option<&Shape>) -> Result<(), Refusal> {
    let text = |field: &str| {
        operation
            .get(field)
            .and_then(Value::as_str)
            .ok_or_else(|| Refusal::missing(format!("{field} of a JSON Patch operation")))
    };
    let value = || {
        operation
            .get("value")
            .cloned()
            .ok_or_else(|| Refusal::missing("value of a JSON Patch operation"))
    };
    let path = text("path")?;
    let place = shape.map_or(Place::Free, |shape| shape.place(path));
    // What is not there can be added where there is room for it.
    let can_be_added = |document: &Value| {
        document.pointer(path).is_some() || place != Place::Unknown || path.ends_with("/-")
    };
    match text("op")? {
        "add" | "move" | "copy" if !can_be_added(document) => Err(no_such(path)),
        "add" => add(document, path, value()?),
        "remove" => remove(document, path).map(|_| ()),
        "replace" => {
            let value = value()?;
            let is_field = is_field(document, path);
            match document.pointer_mut(path) {
                Some(found) => {
                    *found = value;
                    Ok(())
                }
                // A field of the object that it does not show is there, without a value.
                None if place == Place::Declared && is_field => add(document, path, value),
                None => Err(no_such(path)),
            }
        }
        "move" => {
            let from = text("from")?;
            let value = remove(document, from)?;
            add(document, path, value)
        }
        "copy" => {
            let from = text("from")?;
            let value = document
                .pointer(from)
                .cloned()
                .ok_or_else(|| no_such(from))?;
            add(document, path, value)
        }
        "test" => {
            if document.pointer(path) == Some(&value()?) {
                return Ok(());
            }
            Err(Refusal::illegal_value(format!(
                "The test of {path} failed."
            )))
        }
        other => Err(Refusal::illegal_value(format!(
            "{other:?} is no JSON Patch operation."
        ))),
    }
}

/// Whether the path is one of an object's fields, there or not.
fn is_field(document: &Value, path: &str) -> bool {
    path.rsplit_once('/')
        .and_then(|(parent, _)| document.pointer(parent))
        .is_some_and(Value::is_object)
}

fn add(document: &mut Value, path: &str, value: Value) -> Result<(), Refusal> {
    if path.is_empty() {
        *document = value;
        return Ok(());
    }
    let (parent, key) = split(path)?;
    match document.pointer_mut(parent) {
        Some(Value::Object(map)) => {
            map.insert(key, value);
            Ok(())
        }
        Some(Value::Array(list)) if key == "-" => {
            list.push(value);
            Ok(())
        }
        Some(Value::Array(list)) => {
            let index = key
                .parse()
                .ok()
                .filter(|index| *index <= list.len())
                .ok_or_else(|| no_such(path))?;
            list.insert(index, value);
            Ok(())
        }
        _ => Err(no_such(path)),
    }
}

fn remove(document: &mut Value, path: &str) -> Result<Value, Refusal> {
    let (parent, key) = split(path)?;
    let removed = match document.pointer_mut(parent) {
        Some(Value::Object(map)) => map.shift_remove(&key),
        Some(Value::Array(list)) => {
            let index = key.parse().ok().filter(|index| *index < list.len());
            index.map(|index: usize| list.remove(index))
        }
        _ => None,
    };
    removed.ok_or_else(|| no_such(path))
}

/// The parent's pointer, and the last part of the path unescaped.
fn split(path: &str) -> Result<(&str, String), Refusal> {
    let (parent, key) = path.rsplit_once('/').ok_or_else(|| no_such(path))?;
    Ok((parent, key.replace("~1", "/").replace("~0", "~")))
}

fn no_such(path: &str) -> Refusal {
    Refusal::illegal_value(format!("The path {path:?} does not exist."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn operations_apply_in_order_and_all_or_none() {
        let document = json!({"name": "a", "list": [1, 2], "deep": {"a/b": 1}});
        let table = [
            (
                json!([{"op": "replace", "path": "/name", "value": "b"}]),
                Some(json!("b")),
                "/name",
            ),
            (
                json!([{"op": "add", "path": "/list/-", "value": 3}]),
                Some(json!([1, 2, 3])),
                "/list",
            ),
            (
                json!([{"op": "add", "path": "/list/0", "value": 0}]),
                Some(json!([0, 1, 2])),
                "/list",
            ),
            (
                json!([{"op": "remove", "path": "/list/1"}]),
                Some(json!([1])),
                "/list",
            ),
            (
                json!([{"op": "remove", "path": "/deep/a~1b"}]),
                Some(json!({})),
                "/deep",
            ),
            (
                json!([{"op": "move", "from": "/name", "path": "/title"}]),
                Some(json!("a")),
                "/title",
            ),
            (
                json!([{"op": "copy", "from": "/name", "path": "/title"}]),
                Some(json!("a")),
                "/title",
            ),
            (
                json!([{"op": "test", "path": "/name", "value": "a"}]),
                Some(json!("a")),
                "/name",
            ),
            (
                json!([{"op": "test", "path": "/name", "value": "z"}]),
                None,
                "",
            ),
            (json!([{"op": "remove", "path": "/nothing"}]), None, ""),
            (
                json!([{"op": "replace", "path": "/nothing", "value": 1}]),
                None,
                "",
            ),
            (json!([{"op": "fly", "path": "/name"}]), None, ""),
            (json!({"op": "remove"}), None, ""),
        ];
        for (patch, expected, place) in table {
            let result = patched(&document, &patch, None);
            match expected {
                Some(value) => assert_eq!(result.unwrap().pointer(place), Some(&value), "{patch}"),
                None => assert_eq!(result.unwrap_err().status, 400, "{patch}"),
            }
        }
    }
}
