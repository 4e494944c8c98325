//! Which account attributes the transforms of an identity profile read.
//!
//! A transform can have others as its inputs, to any depth. One that only refers to a saved
//! transform, and a rule, do not say what they read.

use model::{AttributeRead, IdentityAttribute, MappingRead};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The type of the transform that reads an attribute of an account.
pub(super) const ACCOUNT_ATTRIBUTE: &str = "accountAttribute";

/// Each of these says which source has the account.
const SOURCE: [&str; 4] = ["sourceId", "sourceName", "applicationId", "applicationName"];

/// The attribute that is read, and the one by which one of several accounts is chosen.
const ATTRIBUTE: [&str; 2] = ["attributeName", "accountSortAttribute"];

/// Which of several accounts are read.
const FILTER: [&str; 2] = ["accountFilter", "accountPropertyFilter"];

/// What the mapping of an identity attribute reads of accounts.
pub(super) fn of(target: &IdentityAttribute, definition: &Value) -> BTreeSet<MappingRead> {
    let mut reads = BTreeSet::new();
    find(target, definition, false, &mut reads);
    reads
}

/// `is_account` says that these are the attributes of a transform that reads an account,
/// whether they say of which source or not.
fn find(
    target: &IdentityAttribute,
    value: &Value,
    is_account: bool,
    reads: &mut BTreeSet<MappingRead>,
) {
    match value {
        Value::Object(object) => {
            reads.extend(read(target, object, is_account));
            let is_account = text(object, "type") == Some(ACCOUNT_ATTRIBUTE);
            for (key, value) in object {
                find(target, value, is_account && key == "attributes", reads);
            }
        }
        Value::Array(values) => {
            for value in values {
                find(target, value, false, reads);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn read(
    target: &IdentityAttribute,
    object: &Map<String, Value>,
    is_account: bool,
) -> Vec<MappingRead> {
    let texts = |keys: [&'static str; 2]| keys.into_iter().filter_map(|key| text(object, key));
    let sources: BTreeSet<String> = SOURCE
        .into_iter()
        .filter_map(|key| text(object, key))
        .map(str::to_owned)
        .collect();
    if sources.is_empty() && !is_account {
        return Vec::new();
    }
    let attributes = texts(ATTRIBUTE).map(|name| AttributeRead::Attribute(name.into()));
    let filters = texts(FILTER).map(|filter| AttributeRead::Filter(filter.to_owned()));
    attributes
        .chain(filters)
        .map(|what| MappingRead {
            target: target.clone(),
            sources: sources.clone(),
            what,
        })
        .collect()
}

fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn attributes_are_found_at_any_depth() {
        let team = || {
            json!({"type": "accountAttribute", "attributes": {
                "sourceName": "S", "sourceId": "s1", "attributeName": "team"}})
        };
        let nested =
            |kind: &str, input: Value| json!({"type": kind, "attributes": {"input": input}});
        let cases = [
            ("flat", team(), vec!["s1+S team"]),
            ("an input", nested("upper", team()), vec!["s1+S team"]),
            (
                "an input of an input",
                nested("trim", nested("lower", team())),
                vec!["s1+S team"],
            ),
            (
                "values, of which the first counts that is there",
                json!({"type": "firstValid", "attributes": {"values": [
                    {"type": "identityAttribute", "attributes": {"name": "team"}},
                    nested("lower", team()),
                    {"type": "accountAttribute", "attributes": {
                        "applicationName": "HR [source]", "attributeName": "unit"}},
                ]}}),
                vec!["HR [source] unit", "s1+S team"],
            ),
            (
                "a variable of a text",
                json!({"type": "static", "attributes": {"value": "$team", "team": team()}}),
                vec!["s1+S team"],
            ),
            (
                "the choice among several accounts",
                json!({"type": "accountAttribute", "attributes": {
                    "sourceId": "s1", "attributeName": "team", "accountSortAttribute": "rank",
                    "accountFilter": "a", "accountPropertyFilter": "b"}}),
                vec!["s1 rank", "s1 team", "s1 filter a", "s1 filter b"],
            ),
            (
                "no source",
                json!({"type": "accountAttribute", "attributes": {"attributeName": "team"}}),
                vec![" team"],
            ),
            (
                "an attribute of another identity",
                json!({"type": "rule", "attributes": {
                    "operation": "getReferenceIdentityAttribute", "attributeName": "team"}}),
                vec![],
            ),
            (
                "a saved transform",
                json!({"type": "reference", "attributes": {"id": "To team"}}),
                vec![],
            ),
            ("nothing", Value::Null, vec![]),
        ];
        for (name, definition, expected) in cases {
            let found: Vec<String> = of(&"department".into(), &definition)
                .into_iter()
                .map(|read| {
                    assert_eq!(read.target.as_str(), "department");
                    // An upper case letter is sorted before a lower case one.
                    let mut sources: Vec<String> = read.sources.into_iter().collect();
                    sources.reverse();
                    match read.what {
                        AttributeRead::Attribute(name) => format!("{} {name}", sources.join("+")),
                        AttributeRead::Filter(text) => {
                            format!("{} filter {text}", sources.join("+"))
                        }
                    }
                })
                .collect();
            assert_eq!(found, expected, "{name}");
        }
    }
}
