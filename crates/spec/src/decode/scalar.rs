//! Decodes texts, and types that are written as one scalar.

use super::{Decode, one_of, wrong_type};
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::span::{Span, Spanned};
use crate::suggestion::{Fix, is_plain};
use crate::yaml::{Node, Origin, Value};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// A text as written in a file. Unquoted numbers and booleans are texts too where
/// a text is expected: `0755` stays `0755`.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// The text.
    pub(crate) value: String,
    /// Where it is written.
    pub(crate) span: Span,
    /// Where it comes from.
    pub(crate) origin: Origin,
}

impl Text {
    /// Whether the text is known, and not that of a mocked variable.
    pub(crate) fn is_known(&self) -> bool {
        self.origin != Origin::Mocked
    }

    /// Another text in its place; none where it comes from a variable.
    pub(crate) fn instead(&self, text: impl Into<String>) -> Option<Fix> {
        (self.origin == Origin::Written).then(|| Fix::scalar(self.span, text))
    }

    /// The text itself.
    pub(crate) fn as_str(&self) -> &str {
        &self.value
    }
}

impl Decode for Text {
    fn expected() -> String {
        "a text".to_owned()
    }

    fn decode(node: Node, findings: &mut Findings) -> Option<Self> {
        match node.value {
            Value::Scalar(scalar) if !scalar.is_null() => {
                let text = Self {
                    value: scalar.text,
                    span: node.span,
                    origin: scalar.origin,
                };
                if text.value.trim().is_empty() {
                    findings.push(
                        Finding::new(Code::Empty, format!("{} is empty", findings.reading()))
                            .at(text.span, "empty text")
                            .help("write a value, or remove it"),
                    );
                    return None;
                }
                Some(text)
            }
            _ => {
                wrong_type::<Self>(&node, findings);
                None
            }
        }
    }
}

impl JsonSchema for Text {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        text_schema()
    }
}

/// The schema of a text: an unquoted number or boolean is a text, too.
pub(crate) fn text_schema() -> Schema {
    json_schema!({"type": ["string", "number", "boolean"], "pattern": r"\S"})
}

/// A type that is written as one scalar.
pub(crate) trait FromScalar: Sized {
    /// What is expected, with its article.
    fn expected() -> String;

    /// Whether quotes around it are wrong, as they are around a number.
    const PLAIN: bool = false;

    /// Reads the text.
    fn from_scalar(text: &str) -> Result<Self, Refusal>;
}

/// Why a scalar was refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is of another type.
    WrongType,
    /// It is not one of the allowed words.
    Choice {
        /// The allowed words.
        choices: &'static [&'static str],
        /// The one that was probably meant.
        meant: Option<&'static str>,
    },
    /// It is not allowed, and what was meant can be worked out.
    Instead {
        /// The code to report it under.
        code: Code,
        /// What is expected, with its article.
        expected: String,
        /// What was meant.
        instead: String,
    },
    /// It is of the right type, but not allowed.
    Wrong {
        /// The code to report it under.
        code: Code,
        /// What is expected, with its article.
        expected: String,
        /// What to write instead.
        help: String,
    },
}

impl<T: FromScalar> Decode for Spanned<T> {
    fn expected() -> String {
        T::expected()
    }

    fn decode(node: Node, findings: &mut Findings) -> Option<Self> {
        let Value::Scalar(scalar) = &node.value else {
            wrong_type::<Self>(&node, findings);
            return None;
        };
        // The value of a mocked variable is not known, so it is not checked, and
        // the key counts as absent.
        if scalar.origin == Origin::Mocked {
            return None;
        }
        if scalar.is_null() {
            wrong_type::<Self>(&node, findings);
            return None;
        }
        let is_written = scalar.origin == Origin::Written;
        let quoted = !scalar.plain && is_written;
        let name = findings.reading();
        if T::PLAIN && quoted {
            findings.push(
                Finding::new(
                    Code::WrongType,
                    format!("{name} must be {}, not a text in quotes", T::expected()),
                )
                .at(node.span, format!("expected {}", T::expected()))
                .help("remove the quotes")
                .fix(is_plain(&scalar.text).then(|| Fix::as_it_is(node.span, &*scalar.text))),
            );
            return None;
        }
        match T::from_scalar(&scalar.text) {
            Ok(value) => Some(Self {
                value,
                span: node.span,
            }),
            Err(Refusal::WrongType) => {
                wrong_type::<Self>(&node, findings);
                None
            }
            Err(Refusal::Choice { choices, meant }) => {
                let fix = meant.filter(|_| is_written);
                // A word decides what is deleted or kept.
                let fix = fix.map(|meant| Fix::scalar(node.span, meant).if_decided());
                let expected = one_of(choices.iter().copied());
                let help = if let Some(meant) = meant {
                    format!("did you mean {}?", name.written(meant))
                } else {
                    let choices: Vec<String> =
                        choices.iter().map(|choice| name.written(choice)).collect();
                    format!("write {}", choices.join(" or "))
                };
                findings.push(
                    Finding::new(
                        Code::UnknownChoice,
                        format!("{name} must be {expected}, not {}", scalar.quoted()),
                    )
                    .at(node.span, format!("expected {expected}"))
                    .help(help)
                    .fix(fix),
                );
                None
            }
            Err(Refusal::Instead {
                code,
                expected,
                instead,
            }) => {
                findings.push(
                    Finding::new(
                        code,
                        format!("{name} must be {expected}, not {}", scalar.quoted()),
                    )
                    .at(node.span, format!("expected {expected}"))
                    .help(format!("write {}", name.written(&instead)))
                    .fix(is_written.then(|| Fix::scalar(node.span, instead))),
                );
                None
            }
            Err(Refusal::Wrong {
                code,
                expected,
                help,
            }) => {
                findings.push(
                    Finding::new(
                        code,
                        format!("{name} must be {expected}, not {}", scalar.quoted()),
                    )
                    .at(node.span, format!("expected {expected}"))
                    .help(help),
                );
                None
            }
        }
    }
}

impl FromScalar for bool {
    const PLAIN: bool = true;

    fn expected() -> String {
        "`true` or `false`".to_owned()
    }

    fn from_scalar(text: &str) -> Result<Self, Refusal> {
        let instead = |word: &str| Refusal::Instead {
            code: Code::WrongType,
            expected: Self::expected(),
            instead: word.to_owned(),
        };
        match text {
            "true" | "True" | "TRUE" => Ok(true),
            "false" | "False" | "FALSE" => Ok(false),
            other => Err(match other.to_lowercase().as_str() {
                "yes" | "on" | "y" => instead("true"),
                "no" | "off" | "n" => instead("false"),
                _ => Refusal::WrongType,
            }),
        }
    }
}

/// The schema of a value that is not a text and may come from a variable.
pub(crate) fn or_variable(schema: &Schema) -> Schema {
    json_schema!({
        "anyOf": [
            schema,
            {"type": "string", "pattern": r"\$\{", "description": "A variable: `${NAME}` or `${NAME:-default}`."}
        ]
    })
}
