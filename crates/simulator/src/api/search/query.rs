//! Search query as a tree, and whether a document matches it.
//!
//! SailPoint documents that searches look for words and not for whole values, without regard to
//! case; that `.exact` after a field looks for the whole value as it is written; and that a word
//! without a field is looked for in all attributes.

use jiff::Timestamp;
use serde_json::Value;

/// What a search asks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Query {
    Everything,
    /// A word with wildcards, or a phrase.
    Term {
        field: Option<String>,
        term: Term,
    },
    /// The field has a value.
    Exists(String),
    /// A value of the field is within bounds.
    Range {
        field: String,
        lower: Option<Bound>,
        upper: Option<Bound>,
    },
    /// One of the documents nested under this name matches.
    Nested {
        name: String,
        query: Box<Query>,
    },
    Not(Box<Query>),
    And(Vec<Query>),
    Or(Vec<Query>),
}

/// What a value is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Term {
    /// One word; `*` stands for anything, `?` for one character.
    Word(String),
    /// Words in this order.
    Phrase(String),
    /// The whole value.
    Whole(String),
}

/// An end of a range: the text, and the time it is if it is one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bound {
    pub(super) text: String,
    pub(super) time: Option<Timestamp>,
    pub(super) inclusive: bool,
}

/// The default fields of a word without a field.
const DEFAULT_FIELDS: [&str; 10] = [
    "id",
    "name",
    "displayName",
    "firstName",
    "lastName",
    "email",
    "attributes",
    "accounts",
    "source",
    "identityProfile",
];

impl Query {
    /// Whether the document matches. Words without a field match in `fields`; if there are none, in
    /// the default fields.
    pub(super) fn matches(&self, document: &Value, fields: &[String]) -> bool {
        match self {
            Self::Everything => true,
            Self::Not(query) => !query.matches(document, fields),
            Self::And(queries) => queries.iter().all(|query| query.matches(document, fields)),
            Self::Or(queries) => queries.iter().any(|query| query.matches(document, fields)),
            Self::Exists(field) => !leaves_at(document, field).is_empty(),
            Self::Nested { name, query } => document
                .get(name)
                .and_then(Value::as_array)
                .is_some_and(|nested| nested.iter().any(|document| query.matches_nested(document))),
            Self::Range {
                field,
                lower,
                upper,
            } => leaves_at(document, field).iter().any(|value| {
                lower.as_ref().is_none_or(|bound| {
                    let order = compare(value, bound);
                    order.is_gt() || (bound.inclusive && order.is_eq())
                }) && upper.as_ref().is_none_or(|bound| {
                    let order = compare(value, bound);
                    order.is_lt() || (bound.inclusive && order.is_eq())
                })
            }),
            Self::Term {
                field: Some(field),
                term,
            } => term.is_in(document, field),
            Self::Term { field: None, term } if fields.is_empty() => DEFAULT_FIELDS
                .iter()
                .any(|field| term.is_in(document, field)),
            Self::Term { field: None, term } => {
                fields.iter().any(|field| term.is_in(document, field))
            }
        }
    }

    /// In a nested document a word without a field may be anywhere.
    fn matches_nested(&self, document: &Value) -> bool {
        let everywhere: Vec<String> = document
            .as_object()
            .map(|map| map.keys().cloned().collect())
            .unwrap_or_default();
        self.matches(document, &everywhere)
    }
}

impl Term {
    fn is_in(&self, document: &Value, field: &str) -> bool {
        if let Some(field) = field.strip_suffix(".exact") {
            let wanted = match self {
                Self::Word(text) | Self::Phrase(text) | Self::Whole(text) => text,
            };
            return leaves_at(document, field)
                .iter()
                .any(|value| like(wanted, &text_of(value)));
        }
        leaves_at(document, field)
            .iter()
            .any(|value| self.is(&text_of(value).to_lowercase()))
    }

    /// Whether the value, in lower case, is or has this.
    fn is(&self, value: &str) -> bool {
        match self {
            Self::Whole(text) => value == text.to_lowercase(),
            Self::Word(pattern) => {
                let pattern = pattern.to_lowercase();
                like(&pattern, value) || words(value).any(|word| like(&pattern, word))
            }
            Self::Phrase(text) => {
                let text = text.to_lowercase();
                let wanted: Vec<&str> = words(&text).collect();
                let found: Vec<&str> = words(value).collect();
                value == text
                    || (!wanted.is_empty()
                        && found.windows(wanted.len()).any(|window| window == wanted))
            }
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| character.is_whitespace() || ",.@=".contains(character))
        .filter(|word| !word.is_empty())
}

/// All values at or below a path; a list stands for each of its entries, and null for nothing.
fn leaves_at<'a>(document: &'a Value, path: &str) -> Vec<&'a Value> {
    let mut found = Vec::new();
    let path: Vec<&str> = path.split('.').collect();
    collect(document, &path, &mut found);
    found
}

fn collect<'a>(value: &'a Value, path: &[&str], found: &mut Vec<&'a Value>) {
    match (value, path) {
        (Value::Null, _) => {}
        (Value::Array(list), _) => list.iter().for_each(|entry| collect(entry, path, found)),
        (Value::Object(map), [first, rest @ ..]) => {
            if let Some(next) = map.get(*first) {
                collect(next, rest, found);
            }
        }
        (Value::Object(map), []) => map.values().for_each(|next| collect(next, &[], found)),
        (_, []) => found.push(value),
        _ => {}
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// How a value of a document lies to an end of a range: as numbers, as times, or else as texts.
fn compare(value: &Value, bound: &Bound) -> std::cmp::Ordering {
    if let (Some(number), Ok(end)) = (value.as_f64(), bound.text.parse::<f64>()) {
        return number.total_cmp(&end);
    }
    if let (Some(time), Some(end)) = (crate::clock::time_of(value), bound.time) {
        return time.cmp(&end);
    }
    text_of(value)
        .to_lowercase()
        .cmp(&bound.text.to_lowercase())
}

/// Whether a text is like a pattern, where `*` stands for anything and `?` for one character.
fn like(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    // Where the last `*` was, and how far the text was by then: to there it can be gone back.
    let mut star = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&next) if next == '?' || next == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&rest| rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_like_texts() {
        for (pattern, text, expected) in [
            ("abc", "abc", true),
            ("a*c", "abbbc", true),
            ("a*b*c", "axxbxxbc", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*", "", true),
            ("a*", "ba", false),
            ("*x*", "svc", false),
            ("ü?", "üß", true),
        ] {
            assert_eq!(like(pattern, text), expected, "{pattern} {text}");
        }
    }
}
