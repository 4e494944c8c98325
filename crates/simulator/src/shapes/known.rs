//! Shapes by operation.

use std::sync::OnceLock;

use serde_json::Value;

use super::read::{self, Facts};
use super::shape::Shape;
use crate::errors::Refusal;

fn known() -> &'static Facts {
    static KNOWN: OnceLock<Facts> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut facts = read::facts(include_str!("facts.txt"));
        let more = read::facts(include_str!("more.txt"));
        facts.bodies.extend(more.bodies);
        facts.patched.extend(more.patched);
        facts
    })
}

/// The shape of what an operation patches.
pub(crate) fn patched_by(operation: &str) -> Option<&'static Shape> {
    known().patched.get(operation)
}

/// Refuses a query whose parameters have other values than the description lists.
pub(crate) fn check_query(operation: &str, query: &[(String, String)]) -> Result<(), Refusal> {
    for (name, values) in known().asked.get(operation).into_iter().flatten() {
        let given = query.iter().find(|(given, _)| given == name);
        if let Some((_, value)) = given
            && !values.contains(&value.as_str())
        {
            return Err(Refusal::illegal_value(format!(
                "{name} must be one of {}.",
                values.join(", ")
            )));
        }
    }
    Ok(())
}

/// Refuses a body whose types are not those of the description. A null counts as absent.
pub(crate) fn check_body(operation: &str, body: &Value) -> Result<(), Refusal> {
    match known().bodies.get(operation) {
        // A body that is nothing at all is not for the handler to take for an empty one.
        Some(shape) if body.is_null() => Err(shape.refusal("")),
        Some(shape) => shape.check("", body),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::Place;
    use serde_json::json;

    #[test]
    fn bodies_are_of_their_types() {
        let owner = json!({"id": "x", "type": "IDENTITY"});
        for (body, expected) in [
            (
                json!({"name": "s", "owner": owner, "cluster": null}),
                Ok(()),
            ),
            (json!({"name": 5}), Err("name must be a text.")),
            (json!({"owner": "x"}), Err("owner must be an object.")),
            (json!({"owner": {"id": 5}}), Err("owner.id must be a text.")),
            (
                json!({"features": "PROXY"}),
                Err("features must be a list."),
            ),
            (
                json!({"features": ["PROXY", null]}),
                Err("features.* must be one of AUTH"),
            ),
            (
                json!({"features": ["FLY"]}),
                Err("features.* must be one of AUTH"),
            ),
            (
                json!({"deleteThreshold": 1.5}),
                Err("deleteThreshold must be a whole number."),
            ),
            (
                json!({"credentialProviderEnabled": "yes"}),
                Err("must be true or false"),
            ),
            (json!({"somethingNew": 5}), Ok(())),
            (json!([]), Err("The body must be an object.")),
            (json!(null), Err("The body must be an object.")),
        ] {
            let found = check_body("createSourceV1", &body);
            match (expected, found) {
                (Ok(()), found) => assert_eq!(found, Ok(()), "{body}"),
                (Err(part), Err(refusal)) => assert!(refusal.text.contains(part), "{refusal}"),
                (Err(_), Ok(())) => panic!("{body}"),
            }
        }
    }

    #[test]
    fn parameters_have_their_values() {
        let query = |value: &str| [("include-types".to_owned(), value.to_owned())];
        assert_eq!(check_query("getSourceSchemasV1", &query("group")), Ok(()));
        let refusal = check_query("getSourceSchemasV1", &query("x")).unwrap_err();
        assert_eq!(refusal.text, "include-types must be one of group, user.");
        assert_eq!(check_query("getSourceV1", &query("x")), Ok(()));
    }

    #[test]
    fn places_are_known() {
        let shape = patched_by("updateSourceV1").unwrap();
        for (pointer, expected) in [
            ("/name", Place::Declared),
            ("/owner/id", Place::Declared),
            ("/features/0", Place::Declared),
            ("/connectorAttributes/anything/deep", Place::Free),
            ("/nmae", Place::Unknown),
            ("/name/x", Place::Unknown),
            ("/owner/email", Place::Unknown),
        ] {
            assert_eq!(shape.place(pointer), expected, "{pointer}");
        }
    }

    #[test]
    fn every_operation_that_takes_json_has_a_shape() {
        assert!(known().bodies.len() > 20 && known().patched.len() > 8);
        for operation in known().bodies.keys().chain(known().patched.keys()) {
            assert!(
                catalog::operations()
                    .iter()
                    .any(|known| known.id == *operation),
                "{operation}"
            );
        }
    }
}
