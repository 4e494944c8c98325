//! Raw type of variables: names and texts.

use crate::code::Code;
use crate::decode::{Decode, Text, wrong_type};
use crate::finding::{Finding, Findings};
use crate::value_name::ValueName;
use crate::variables::{has_reference, is_name};
use crate::yaml::{Key, Node, Value};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// Variables with their values, which are texts without variables.
#[derive(Clone, Debug)]
pub(crate) struct RawVariables {
    /// Names and texts, in the order of the file.
    pub(crate) entries: Vec<(String, String)>,
}

impl Decode for RawVariables {
    fn expected() -> String {
        "a mapping of names to texts".to_owned()
    }

    fn decode(node: Node, findings: &mut Findings) -> Option<Self> {
        let Value::Mapping(entries) = node.value else {
            wrong_type::<Self>(&node, findings);
            return None;
        };
        let entries = entries
            .into_iter()
            .filter_map(|entry| {
                let valid = check_name(&entry.key, findings);
                let text = findings.below(ValueName::Entry("variables"), |findings| {
                    text(&entry.value, findings)
                });
                text.filter(|_| valid).map(|text| (entry.key.text, text))
            })
            .collect();
        Some(Self { entries })
    }
}

fn check_name(key: &Key, findings: &mut Findings) -> bool {
    let valid = is_name(&key.text);
    if !valid {
        findings.push_with(Code::VariableEntry, || {
            // Another text may be an assignment, with a secret as its value.
            let is_like_a_name = key
                .text
                .chars()
                .all(|letter| letter.is_alphanumeric() || "_-. ".contains(letter));
            let message = if is_like_a_name {
                format!(
                    "`{}` is not the name of a variable",
                    key.text.escape_debug()
                )
            } else {
                "key is not the name of a variable".to_owned()
            };
            Finding::new(Code::VariableEntry, message)
                .at(key.span, "invalid name")
                .help("use only letters, digits and `_`, and begin with a letter or `_`")
        });
    }
    valid
}

/// The text of one variable, which may be empty. It is not quoted in messages: it
/// may be a secret.
fn text(node: &Node, findings: &mut Findings) -> Option<String> {
    match &node.value {
        Value::Scalar(scalar) if !scalar.is_null() => {
            if has_reference(&scalar.text) {
                findings.push_with(Code::VariableEntry, || {
                    Finding::new(
                        Code::VariableEntry,
                        "the value of a variable contains a variable",
                    )
                    .at(node.span, "values of variables are not expanded")
                    .help("write the value itself, or `$${` for a literal `${`")
                });
                return None;
            }
            Some(scalar.text.clone())
        }
        _ => {
            wrong_type::<Text>(node, findings);
            None
        }
    }
}

impl JsonSchema for RawVariables {
    fn schema_name() -> Cow<'static, str> {
        "Variables".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Variables: names and values. Values are texts without variables.",
            "type": "object",
            "propertyNames": {"pattern": "^[A-Za-z_][A-Za-z0-9_]*$"},
            "additionalProperties": {"type": ["string", "number", "boolean"]},
        })
    }
}
