//! JSON Patch (RFC 6902), as ISC's `PATCH` operations take it.

use serde_json::Value;

use crate::errors::Refusal;

/// The document after all operations of the patch; none of them is applied if one fails.
pub(crate) fn patched(document: &Value, patch: &Value) -> Result<Value, Refusal> {
    // One operation of ISC documents its patch inside an object.
    let operations = patch.get("operations").unwrap_or(patch);
    let Value::Array(operations) = operations else {
        return Err(Refusal::bad_request(
            "The body must be a list of JSON Patch operations.",
        ));
    };
    let mut document = document.clone();
    for operation in operations {
        apply(&mut document, operation)?;
    }
    Ok(document)
}

fn apply(document: &mut Value, operation: &Value) -> Result<(), Refusal> {
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
    match text("op")? {
        "add" => add(document, path, value()?),
        "remove" => remove(document, path).map(|_| ()),
        "replace" => {
            let value = value()?;
            // ISC lets a field be replaced that the object does not show, so a missing one is added.
            match document.pointer_mut(path) {
                Some(place) => {
                    *place = value;
                    Ok(())
                }
                None => add(document, path, value),
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
            (json!([{"op": "fly", "path": "/name"}]), None, ""),
            (json!({"op": "remove"}), None, ""),
        ];
        for (patch, expected, place) in table {
            let result = patched(&document, &patch);
            match expected {
                Some(value) => assert_eq!(result.unwrap().pointer(place), Some(&value), "{patch}"),
                None => assert_eq!(result.unwrap_err().status, 400, "{patch}"),
            }
        }
    }
}
