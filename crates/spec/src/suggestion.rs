//! Fixes of findings: changes of a file's text, as a person would make them.

use crate::diagnostic::{Applicability, ByteSpan, Suggestion};
use crate::mask::masked;
use crate::source::{Location, Sources};
use crate::span::Span;
use std::ops::Range;

/// A change that fixes a problem. Its place in the text is worked out at the end, when
/// the texts of all files are known.
#[derive(Clone, Debug)]
pub(crate) struct Fix {
    span: Span,
    change: Change,
    applicability: Applicability,
}

#[derive(Clone, Debug)]
enum Change {
    /// Another scalar in place of this one, in the same quotes.
    Scalar(String),
    /// Another text in place of this one, as it is.
    Text(String),
    /// The item of a list is removed, with its comma or its line.
    RemoveItem,
    /// The items from the first to the last of a list are removed: nothing is left of it
    /// but `[]`.
    RemoveAll,
    /// A key with its value before this key, in the same mapping.
    KeyBefore(String),
    /// The mapping becomes the one item of a list.
    ItemOfList,
}

impl Fix {
    /// Another scalar in place of the one that is written here.
    pub(crate) fn scalar(span: Span, text: impl Into<String>) -> Self {
        Self::new(span, Change::Scalar(text.into()))
    }

    /// Another text in place of this one, without regard to quotes.
    pub(crate) fn as_it_is(span: Span, text: impl Into<String>) -> Self {
        Self::new(span, Change::Text(text.into()))
    }

    /// Without this item of a list.
    pub(crate) fn without(item: Span) -> Self {
        Self::new(item, Change::RemoveItem)
    }

    /// Without any item of a list, whose items are from the first to the last byte of this.
    pub(crate) fn without_any(items: Span) -> Self {
        Self::new(items, Change::RemoveAll)
    }

    /// With a key before this one.
    pub(crate) fn key_before(key: Span, entry: impl Into<String>) -> Self {
        Self::new(key, Change::KeyBefore(entry.into()))
    }

    /// With this mapping as the one item of a list.
    pub(crate) fn item_of_list(mapping: Span) -> Self {
        Self::new(mapping, Change::ItemOfList)
    }

    fn new(span: Span, change: Change) -> Self {
        Self {
            span,
            change,
            applicability: Applicability::Safe,
        }
    }

    /// The same, to be made only where a person asks for it.
    #[must_use]
    pub(crate) fn if_decided(self) -> Self {
        Self {
            applicability: Applicability::Unsafe,
            ..self
        }
    }

    /// The change as bytes of a file; none where the text is not one that can be changed
    /// by rule.
    pub(crate) fn suggestion(self, sources: &Sources) -> Option<Suggestion> {
        let place = sources.locate(self.span);
        let text = sources.text(&place.file)?;
        let Location { file, span, .. } = place;
        let written = text.get(span.clone())?;
        // What a variable brings stays with the variable.
        if written.contains("${") {
            return None;
        }
        let (range, replacement) = match self.change {
            Change::Scalar(text) => (span, quoted_as(written, &text)?),
            Change::Text(text) => (span, text),
            Change::RemoveItem => (item(text, span)?, String::new()),
            Change::RemoveAll => emptied(text, span)?,
            Change::KeyBefore(entry) => (span.start..span.start, before(text, span.start, &entry)),
            Change::ItemOfList => {
                let replacement = as_item(written);
                (span, replacement)
            }
        };
        // What looks like a secret is not spread, and not replaced by asterisks.
        if masked(replacement.clone()) != replacement {
            return None;
        }
        let byte = |byte: usize| u32::try_from(byte).ok();
        let Location {
            file: _,
            span: Range { start, end },
            line,
            column,
            end_line,
            end_column,
        } = sources.locate(Span {
            start: byte(range.start)?,
            end: byte(range.end)?,
            ..self.span
        });
        Some(Suggestion {
            applicability: self.applicability,
            file,
            span: ByteSpan { start, end },
            line,
            column,
            end_line,
            end_column,
            replacement,
        })
    }
}

/// A scalar in the quotes of the one that it replaces. Block scalars are left to people.
fn quoted_as(written: &str, text: &str) -> Option<String> {
    let escaped = || format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    match written.chars().next() {
        Some('|' | '>') => None,
        _ if text.chars().any(char::is_control) => None,
        Some('"') => Some(escaped()),
        Some('\'') => Some(format!("'{}'", text.replace('\'', "''"))),
        Some(_) | None if is_plain(text) => Some(text.to_owned()),
        Some(_) | None => Some(escaped()),
    }
}

/// Whether a text is the same without quotes wherever it is written.
pub(crate) fn is_plain(text: &str) -> bool {
    let inner = |letter: char| letter.is_alphanumeric() || "-_./:@ ".contains(letter);
    text.starts_with(char::is_alphanumeric)
        && text.chars().all(inner)
        && !text.ends_with([':', ' '])
        && !text.contains(": ")
        && !matches!(text, "null" | "Null" | "NULL")
}

/// The bytes of an item of a list with its comma, or with its line; none where it is the
/// only one, or where a comment is beside it.
fn item(text: &str, span: Range<usize>) -> Option<Range<usize>> {
    let start = text[..span.start].rfind('\n').map_or(0, |end| end + 1);
    let end = text[span.end..]
        .find('\n')
        .map_or(text.len(), |end| span.end + end + 1);
    let dash = text[start..span.start].trim_end();
    if dash.trim_start() == "-" {
        let is_alone = text[span.end..end].trim().is_empty();
        let indent = &dash[..dash.len() - 1];
        let is_item = |line: &str| {
            line.strip_prefix(indent)
                .is_some_and(|rest| rest.starts_with("- "))
        };
        let neighbor = |line: Option<&str>| line.is_some_and(is_item);
        let has_more =
            neighbor(text[..start].lines().next_back()) || neighbor(text[end..].lines().next());
        return (is_alone && has_more).then_some(start..end);
    }
    let rest = &text[span.end..];
    let after = rest.trim_start_matches(' ');
    if dash.is_empty() {
        // An item of its own line in a flow list goes with its line.
        let is_alone = after.starts_with(',') && text[span.end..end].trim() == ",";
        return is_alone.then_some(start..end);
    }
    let before = text[..span.start].trim_end_matches(' ');
    match (before.chars().next_back()?, after.chars().next()?) {
        ('[' | ',', ',') => {
            let rest = after[1..].trim_start_matches(' ');
            let ends_line = rest.starts_with(['\r', '\n', '#']);
            (!ends_line).then_some(span.start..text.len() - rest.len())
        }
        (',', ']') => Some(before.len() - 1..span.end),
        _ => None,
    }
}

/// The bytes of a list with these items and no others, and what is left of it; none where
/// a comment is among them.
fn emptied(text: &str, items: Range<usize>) -> Option<(Range<usize>, String)> {
    let before = text[..items.start].trim_end();
    let after = &text[items.end..];
    if text[items.clone()].contains('#') {
        return None;
    }
    if let Some(key) = before.strip_suffix('-') {
        // The items have lines of their own, below the key.
        let key = key.trim_end();
        let is_alone = after
            .lines()
            .next()
            .is_none_or(|rest| rest.trim().is_empty());
        let is_below = key.ends_with(':') && text[key.len()..items.start].contains('\n');
        return (is_alone && is_below).then(|| (key.len()..items.end, " []".to_owned()));
    }
    let inner = after.trim_start();
    let inner = inner.strip_prefix(',').map_or(inner, str::trim_start);
    let rest = inner.strip_prefix(']')?;
    let start = before.strip_suffix('[')?.len();
    Some((start..text.len() - rest.len(), "[]".to_owned()))
}

/// A mapping as the one item of a list: in brackets, or after a dash with its other lines
/// indented below its first key.
fn as_item(written: &str) -> String {
    if written.starts_with('{') {
        return format!("[{written}]");
    }
    let mut item = String::from("- ");
    for line in written.split_inclusive('\n') {
        if item.len() > 2 && !line.trim().is_empty() {
            item.push_str("  ");
        }
        item.push_str(line);
    }
    item
}

/// A key with its value, as it is written before the key at this byte.
fn before(text: &str, byte: usize, entry: &str) -> String {
    let line = &text[..byte];
    let line = &line[line.rfind('\n').map_or(0, |end| end + 1)..];
    let is_flow = line.trim_end().ends_with(['{', ',']);
    if is_flow {
        return format!("{entry}, ");
    }
    let width = line.trim_start_matches('\u{feff}').chars().count();
    format!("{entry}\n{}", " ".repeat(width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_go_with_their_comma_or_their_line() {
        for (text, expected) in [
            ("a: [x, b]", Some("a: [b]")),
            ("a: [b, x]", Some("a: [b]")),
            ("a: [b, x, c]", Some("a: [b, c]")),
            ("a: [x]", None),
            ("a:\n  - x\n  - b\n", Some("a:\n  - b\n")),
            ("a:\n  - b\n  - x\n", Some("a:\n  - b\n")),
            ("a:\n  - x\nb: [c]\n", None),
            ("a:\n  - b\n  - x # why\n", None),
            ("a: [\n  b,\n  x,\n  c\n]", Some("a: [\n  b,\n  c\n]")),
        ] {
            let at = text.find('x').unwrap();
            let found = item(text, at..at + 1).map(|range| {
                let mut text = text.to_owned();
                text.replace_range(range, "");
                text
            });
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_text_keeps_its_quotes() {
        for (written, text, expected) in [
            ("abc", "abd", Some("abd")),
            ("\"abc\"", "abd", Some("\"abd\"")),
            ("'abc'", "it's", Some("'it''s'")),
            ("abc", "${A}", Some("\"${A}\"")),
            ("abc", "{account}", Some("\"{account}\"")),
            ("|", "abd", None),
            ("abc", "a\nb", None),
        ] {
            assert_eq!(quoted_as(written, text).as_deref(), expected, "{written}");
        }
    }

    #[test]
    fn a_list_loses_all_its_items() {
        for (text, expected) in [
            ("a: [p, b, q]", Some("a: []")),
            ("a: [ pq ] # one", Some("a: [] # one")),
            ("a: [\n  p,\n  q,\n]", Some("a: []")),
            ("a:\n  - p\n  - q\nb: 1\n", Some("a: []\nb: 1\n")),
            ("a:\n- pq\n", Some("a: []\n")),
            ("a:\n  - p # one\n  - q\n", None),
            ("a:\n  - p\n  - q # one\n", None),
            ("a: # one\n  - p\n  - q\n", None),
            ("a: [z, p, q]", None),
            ("a:\n  - z\n  - p\n  - q\n", None),
        ] {
            let items = text.find('p').unwrap()..text.find('q').unwrap() + 1;
            let found = emptied(text, items).map(|(range, left)| {
                let mut text = text.to_owned();
                text.replace_range(range, &left);
                text
            });
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_mapping_becomes_the_item_of_a_list() {
        for (written, expected) in [
            ("{a: 1}", "[{a: 1}]"),
            ("a: 1", "- a: 1"),
            (
                "a: 1\n  b: |\n    x\n\n    y",
                "- a: 1\n    b: |\n      x\n\n      y",
            ),
        ] {
            assert_eq!(as_item(written), expected);
        }
    }

    #[test]
    fn a_key_is_put_before_another() {
        for (text, expected) in [
            ("a: 1", "n: 2\na: 1"),
            ("  - a: 1", "  - n: 2\n    a: 1"),
            ("{a: 1}", "{n: 2, a: 1}"),
        ] {
            let at = text.find('a').unwrap();
            let mut found = text.to_owned();
            found.insert_str(at, &before(text, at, "n: 2"));
            assert_eq!(found, expected);
        }
    }
}
