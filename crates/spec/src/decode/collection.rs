//! Decodes lists, and mappings with free keys.

use super::list_advice::instead_of_mapping;
use super::{Decode, Text, wrong_type};
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::span::Span;
use crate::suggestion::{Fix, is_plain};
use crate::yaml::{Node, Origin, Value};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Up to which length a text is repeated as the one item of a list.
const SHOWN: usize = 40;

/// A list. Items that cannot be read are reported and left out.
#[derive(Clone, Debug)]
pub(crate) struct List<T> {
    /// The items that could be read.
    pub(crate) items: Vec<T>,
    /// Where to point when the list as a whole is meant: its key.
    pub(crate) head: Span,
    /// Whether every item could be read.
    pub(crate) complete: bool,
}

impl<T: Decode> Decode for List<T> {
    fn expected() -> String {
        "a list".to_owned()
    }

    fn decode(node: Node, findings: &mut Findings) -> Option<Self> {
        let head = node.head();
        let Value::Sequence(nodes) = node.value else {
            match &node.value {
                Value::Mapping(entries) => {
                    let name = findings.reading();
                    let advice = instead_of_mapping(name, &node, entries);
                    findings.push(
                        Finding::new(
                            Code::WrongType,
                            format!("{name} must be a list, not a mapping"),
                        )
                        .at(head, "expected a list")
                        .advised(Some(advice)),
                    );
                }
                // The value of a variable may be a secret, so it is not repeated.
                Value::Scalar(scalar) if !scalar.is_null() && scalar.origin == Origin::Written => {
                    let item: String = scalar.text.chars().take(SHOWN).collect();
                    findings.push(
                        Finding::new(
                            Code::WrongType,
                            format!(
                                "{} must be a list, not {}",
                                findings.reading(),
                                scalar.found()
                            ),
                        )
                        .at(node.span, "expected a list")
                        .help(if item.len() < scalar.text.len() || item.contains('\n') {
                            "start each item with `- `".to_owned()
                        } else {
                            format!("write `[{item}]`")
                        })
                        .fix(
                            (item.split(", ").all(is_plain) && item.len() == scalar.text.len())
                                .then(|| Fix::as_it_is(node.span, format!("[{item}]"))),
                        ),
                    );
                }
                Value::Scalar(_) | Value::Sequence(_) | Value::Broken => {
                    wrong_type::<Self>(&node, findings);
                }
            }
            return None;
        };
        let written = nodes.len();
        // A list that grows has room for four tokens at least, which few accounts have.
        let mut items = Vec::with_capacity(written);
        let mut nodes = nodes.into_iter();
        findings.below(findings.reading().item(), |findings| {
            while !findings.are_enough() {
                let Some(item) = nodes.next() else { break };
                items.extend(T::decode(item, findings));
            }
            findings.leave_unchecked(nodes.len());
        });
        items.shrink_to_fit();
        let complete = items.len() == written;
        Some(Self {
            items,
            head,
            complete,
        })
    }
}

impl<T: JsonSchema> JsonSchema for List<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        <Vec<T>>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        <Vec<T>>::json_schema(generator)
    }
}

/// A mapping whose keys are names that the person chooses.
#[derive(Clone, Debug)]
pub(crate) struct Named<T> {
    /// Names and values that could be read, in the order of the file.
    pub(crate) entries: Vec<(Text, T)>,
    /// Where to point when the mapping as a whole is meant: its key.
    pub(crate) head: Span,
    /// Whether every value could be read.
    pub(crate) complete: bool,
    /// How many names are written.
    pub(crate) written: usize,
    /// The names whose values could not be read.
    pub(crate) lost: Vec<String>,
}

impl<T: Decode> Decode for Named<T> {
    fn expected() -> String {
        "a mapping".to_owned()
    }

    fn decode(node: Node, findings: &mut Findings) -> Option<Self> {
        let head = node.head();
        let Value::Mapping(entries) = node.value else {
            wrong_type::<Self>(&node, findings);
            return None;
        };
        let written = entries.len();
        let name = findings.reading();
        let mut lost = Vec::new();
        let entries: Vec<_> = entries
            .into_iter()
            .filter_map(|entry| {
                let value =
                    findings.below(name.entry(), |findings| T::decode(entry.value, findings));
                if entry.key.text.trim().is_empty() {
                    findings.push(
                        Finding::new(Code::Empty, format!("{name} has an empty key"))
                            .at(entry.key.span, "empty key")
                            .help("write a name"),
                    );
                    return None;
                }
                let name = Text {
                    value: entry.key.text,
                    span: entry.key.span,
                    origin: Origin::Written,
                };
                if value.is_none() {
                    lost.push(name.value.clone());
                }
                value.map(|value| (name, value))
            })
            .collect();
        let complete = entries.len() == written;
        Some(Self {
            entries,
            head,
            complete,
            written,
            lost,
        })
    }
}

impl<T: JsonSchema> JsonSchema for Named<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        <BTreeMap<String, T>>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        <BTreeMap<String, T>>::json_schema(generator)
    }
}

/// A section that is known to be there even where it could not be read, so
/// that what it should have declared is not reported as missing.
#[derive(Clone, Debug)]
pub(crate) struct Section<T> {
    /// The section, as far as it could be read.
    pub(crate) content: Option<T>,
    /// Its key.
    pub(crate) head: Span,
}

impl<T: Decode> Decode for Section<T> {
    fn expected() -> String {
        T::expected()
    }

    fn decode(node: Node, findings: &mut Findings) -> Option<Self> {
        let head = node.head();
        let content = T::decode(node, findings);
        Some(Self { content, head })
    }
}

impl<T: JsonSchema> JsonSchema for Section<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
