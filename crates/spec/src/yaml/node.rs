//! The tree.

use crate::span::Span;

/// A value with its place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Where the value stands. For a block mapping or sequence: from its first
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
    /// A text, a number, a truth value or nothing: what it is decides the one
    /// who reads it.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values, in the order of the file, each key once.
    Mapping(Vec<Entry>),
    /// Something that was already reported; whoever meets it stays silent.
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
    /// Where it stands.
    pub(crate) span: Span,
}

/// A scalar.
#[derive(Clone, Debug)]
pub(crate) struct Scalar {
    /// The text, after escapes and variables.
    pub(crate) text: String,
    /// Whether it is written without quotes and not as a block, so that it may
    /// be a number, a truth value or nothing.
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
    /// From a variable that is not set, while variables are mocked: it stands
    /// for a text that is not known.
    Mocked,
}

impl Node {
    /// What to underline when something is missing in the value or about it as
    /// a whole: its key, or else the first thing in it.
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
            Value::Broken => "something unreadable".to_owned(),
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

    /// What it is, in words. The value of a variable is never shown: it may be
    /// a secret.
    pub(crate) fn found(&self) -> String {
        if self.origin != Origin::Written {
            return "the value of a variable".to_owned();
        }
        if self.is_null() {
            return "nothing".to_owned();
        }
        let kind = if !self.plain {
            "the text"
        } else if self.text == "true" || self.text == "false" {
            "the truth value"
        } else if self.text.parse::<f64>().is_ok() {
            "the number"
        } else {
            "the text"
        };
        let short: String = self.text.chars().take(SHOWN).collect();
        let more = if short.len() < self.text.len() {
            "…"
        } else {
            ""
        };
        format!("{kind} `{}{more}`", short.escape_debug())
    }
}
