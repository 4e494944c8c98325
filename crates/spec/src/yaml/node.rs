//! Tree of YAML values with their spans.

use crate::span::Span;

/// A value with its place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Where the value is written. For a block mapping or sequence: from its first
    /// to its last child.
    pub(crate) span: Span,
    /// The key that it is the value of, where it is one.
    pub(crate) key: Option<Span>,
    /// The value.
    pub(crate) value: Value,
}

/// A value.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// A text, a number, a boolean or nothing: the type that is decoded decides.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values, in the order of the file, each key once.
    Mapping(Vec<Entry>),
    /// An invalid value that was reported already and is not reported again.
    Broken,
}

/// One key of a mapping with its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The key.
    pub(crate) key: Key,
    /// The value.
    pub(crate) value: Node,
}

/// A key.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    /// Its text.
    pub(crate) text: String,
    /// Where it is written.
    pub(crate) span: Span,
}

/// A scalar.
#[derive(Clone, Debug)]
pub(crate) struct Scalar {
    /// The text, after escapes and variables.
    pub(crate) text: String,
    /// Whether it is written without quotes and not as a block, so that it may
    /// be a number, a boolean or nothing.
    pub(crate) plain: bool,
    /// Where the text comes from.
    pub(crate) origin: Origin,
}

/// Where a text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// From the file.
    Written,
    /// In part or whole from a variable, so it may be a secret.
    Variable,
    /// From an unset variable, while variables are mocked: the text is not known.
    Mocked,
}

impl Node {
    /// What to underline when something is missing in the value or about it as
    /// a whole: its key, or else its first value.
    pub(crate) fn head(&self) -> Span {
        self.key.unwrap_or(match &self.value {
            Value::Mapping(entries) => entries.first().map_or(self.span, |entry| entry.key.span),
            Value::Sequence(_) | Value::Scalar(_) | Value::Broken => self.span,
        })
    }

    /// What the value is, in words.
    pub(crate) fn found(&self) -> String {
        match &self.value {
            Value::Scalar(scalar) => scalar.found(),
            Value::Sequence(items) if items.is_empty() => "an empty list".to_owned(),
            Value::Sequence(_) => "a list".to_owned(),
            Value::Mapping(_) => "a mapping".to_owned(),
            Value::Broken => "an unreadable value".to_owned(),
        }
    }
}

/// How many characters of a text a message quotes.
const SHOWN: usize = 40;

impl Scalar {
    /// Whether it says nothing: `key:` with no value, `~` or `null`.
    pub(crate) fn is_null(&self) -> bool {
        self.plain
            && self.origin == Origin::Written
            && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }

    /// The text in backticks. The value of a variable is never shown: it may be
    /// a secret.
    pub(crate) fn quoted(&self) -> String {
        if self.origin != Origin::Written {
            return "the value of a variable".to_owned();
        }
        let short: String = self.text.chars().take(SHOWN).collect();
        let more = if short.len() < self.text.len() {
            "…"
        } else {
            ""
        };
        format!("`{}{more}`", short.escape_debug())
    }

    /// Its kind and its text, in words.
    pub(crate) fn found(&self) -> String {
        if self.origin != Origin::Written {
            return "the value of a variable".to_owned();
        }
        if self.is_null() {
            return "an empty value".to_owned();
        }
        let kind = if !self.plain {
            "the text"
        } else if self.text == "true" || self.text == "false" {
            "the boolean"
        } else if self.text.parse::<f64>().is_ok() {
            "the number"
        } else {
            "the text"
        };
        format!("{kind} {}", self.quoted())
    }
}
