//! Search query as a tree, and whether a document matches it.
//!
//! SailPoint documents that searches look for words and not for whole values, without regard to
//! case; that `.exact` after a field looks for the whole value as it is written; and that a word
//! without a field is looked for in all attributes.

use jiff::Timestamp;

use super::subject::{Leaf, Subject, text_of};
use crate::clock::to_millisecond;

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
    pub(super) fn matches(&self, document: &dyn Subject, fields: &[String]) -> bool {
        match self {
            Self::Everything => true,
            Self::Not(query) => !query.matches(document, fields),
            Self::And(queries) => queries.iter().all(|query| query.matches(document, fields)),
            Self::Or(queries) => queries.iter().any(|query| query.matches(document, fields)),
            Self::Exists(field) => document.any(field, &mut |_| true),
            Self::Nested { name, query } => document.any_nested(name, &mut |nested| {
                // In a nested document a word without a field may be anywhere.
                query.matches(nested, &[String::new()])
            }),
            Self::Range {
                field,
                lower,
                upper,
            } => document.any(field, &mut |value| {
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
}

impl Term {
    fn is_in(&self, document: &dyn Subject, field: &str) -> bool {
        let exact = field.strip_suffix(".exact");
        let (Self::Word(text) | Self::Phrase(text) | Self::Whole(text)) = self;
        // Times begin with a digit; only a text that can be one is worth writing them down.
        let may_be_time =
            text.starts_with(|first: char| first.is_ascii_digit() || "*?".contains(first));
        document.any(exact.unwrap_or(field), &mut |leaf| {
            let owned;
            let value = match leaf {
                Leaf::Text(text) => text,
                Leaf::Time(_) if !may_be_time => return false,
                Leaf::Time(_) | Leaf::Other(_) => {
                    owned = text_of(leaf);
                    &owned
                }
            };
            match exact {
                Some(_) => like(text, value),
                None => self.is(value),
            }
        })
    }

    /// Whether the value is or has this, in any case.
    fn is(&self, value: &str) -> bool {
        match self {
            Self::Whole(text) => same(value, text),
            Self::Word(pattern) if !pattern.contains(['*', '?']) => {
                // Most values are too short, or lack it altogether.
                may_have(value, pattern)
                    && (same(value, pattern) || words(value).any(|word| same(word, pattern)))
            }
            Self::Word(pattern) => {
                let (pattern, value) = (pattern.to_lowercase(), value.to_lowercase());
                like(&pattern, &value) || words(&value).any(|word| like(&pattern, word))
            }
            Self::Phrase(text) => {
                let (text, value) = (text.to_lowercase(), value.to_lowercase());
                let wanted: Vec<&str> = words(&text).collect();
                let found: Vec<&str> = words(&value).collect();
                value == text
                    || (!wanted.is_empty()
                        && found.windows(wanted.len()).any(|window| window == wanted))
            }
        }
    }
}

/// Whether two texts are the same in lower case.
fn same(left: &str, right: &str) -> bool {
    if left.is_ascii() && right.is_ascii() {
        left.eq_ignore_ascii_case(right)
    } else {
        left.to_lowercase() == right.to_lowercase()
    }
}

/// Whether a value can have a text in it, in any case; a quick look.
fn may_have(value: &str, text: &str) -> bool {
    let (value, text) = (value.as_bytes(), text.as_bytes());
    let Some(first) = text.first().filter(|_| text.is_ascii() && value.is_ascii()) else {
        return true;
    };
    let Some(last) = value.len().checked_sub(text.len()) else {
        return false;
    };
    (value[..=last].iter().enumerate()).any(|(start, byte)| {
        byte.eq_ignore_ascii_case(first)
            && value[start..start + text.len()].eq_ignore_ascii_case(text)
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| character.is_whitespace() || ",.@=".contains(character))
        .filter(|word| !word.is_empty())
}

/// How a value of a document lies to an end of a range: as numbers, as times, or else as texts.
fn compare(value: Leaf<'_>, bound: &Bound) -> std::cmp::Ordering {
    let number = match value {
        Leaf::Other(value) => value.as_f64(),
        Leaf::Text(_) | Leaf::Time(_) => None,
    };
    if let (Some(number), Ok(end)) = (number, bound.text.parse::<f64>()) {
        return number.total_cmp(&end);
    }
    let time = match value {
        Leaf::Time(time) => Some(to_millisecond(time)),
        Leaf::Text(text) => text.parse().ok().map(to_millisecond),
        Leaf::Other(_) => None,
    };
    if let (Some(time), Some(end)) = (time, bound.time) {
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
