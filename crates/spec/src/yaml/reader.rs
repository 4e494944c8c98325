//! Parses YAML text into the tree, and explains syntax errors.

use super::builder::{Builder, Items, Values};
use super::node::Node;
use crate::characters::odd_indentation;
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::span::Span;
use serde_saphyr::granit_parser::{ErrorKind, Parser, ScanError, options};
use std::ops::Range;

/// How many bytes one file may have.
pub const MOST_BYTES: usize = 32 << 20;

/// How deep values may be nested. The spec format needs seven levels.
const DEEPEST: usize = 48;

/// Reads the text of one file. None where it cannot be parsed, which is then
/// reported.
pub(crate) fn read(
    text: &str,
    file: u32,
    values: &mut Values,
    findings: &mut Findings,
) -> Option<Node> {
    read_items(text, file, None, values, findings)
}

/// The same, with a list whose items are taken out of the tree.
pub(crate) fn read_items(
    text: &str,
    file: u32,
    items: Option<Items<'_>>,
    values: &mut Values,
    findings: &mut Findings,
) -> Option<Node> {
    if text.len() > MOST_BYTES {
        findings.push(
            Finding::new(Code::TooLarge, "file is larger than 32 MiB")
                .at(beginning(file), "file larger than 32 MiB")
                .help("split it into several files; all files of a folder are one spec"),
        );
        return None;
    }
    let options = options! {
        emit_comments: false,
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        flow_nesting_limit: DEEPEST,
        block_nesting_limit: DEEPEST,
        block_scalar_eof_without_line_feed: false,
    };
    let mut builder = Builder::new(items, values, findings);
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((event, span)) => {
                let range = without_blanks(text, span.byte_range().unwrap_or_default());
                let span = Span {
                    file,
                    start: position(range.start),
                    end: position(range.end),
                };
                if builder.take(event, span).is_break() {
                    break;
                }
            }
            Err(error) => {
                builder.end();
                findings.push(syntax_error(&error, text, file));
                return None;
            }
        }
    }
    builder.finish()
}

/// A range without the line breaks and blanks at its end, which the parser
/// counts to block scalars.
fn without_blanks(text: &str, range: Range<usize>) -> Range<usize> {
    let length = text
        .get(range.clone())
        .map_or(range.len(), |written| written.trim_end().len());
    range.start..range.start + length
}

/// The beginning of a file, for problems of the file as a whole.
pub(crate) fn beginning(file: u32) -> Span {
    Span {
        file,
        start: 0,
        end: 0,
    }
}

/// A byte's position. Files are far smaller than what would not fit.
fn position(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}

fn syntax_error(error: &ScanError, text: &str, file: u32) -> Finding {
    let byte = error
        .marker()
        .byte_offset()
        .unwrap_or_else(|| byte_of(text, error.marker().index()))
        .min(text.len());
    // The character at the place is underlined, where there is one on the line.
    let width = text
        .get(byte..)
        .and_then(|rest| rest.chars().next())
        .filter(|character| !matches!(character, '\n' | '\r'))
        .map_or(0, char::len_utf8);
    let span = Span {
        file,
        start: position(byte),
        end: position(byte + width),
    };
    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
        return Finding::new(
            Code::TooLarge,
            format!("values are nested more than {DEEPEST} levels deep"),
        )
        .at(span, format!("nested deeper than {DEEPEST} levels"))
        .help("check that the file is a spec: a spec needs at most 7 levels");
    }
    let finding = Finding::new(Code::Syntax, format!("invalid YAML: {}", error.info()))
        .at(span, "parsing stopped here");
    if let Some((line, name)) = odd_indentation(text, byte) {
        return finding.help(format!(
            "line {line} is indented with {name}: delete it, and indent with plain spaces"
        ));
    }
    let line = line_up_to(text, byte);
    let help = if has_typographic_quotes(line) {
        Some("replace the typographic quotes by plain ones: `\"`")
    } else if follows_bare_variable(line) {
        Some("quote the variable in a flow mapping or list: `\"${NAME}\"`")
    } else if begins_with_placeholder(line) {
        Some("quote a text that begins with a brace: `\"{account}/{token}\"`")
    } else {
        remedy(error.kind())
    };
    match help {
        Some(help) => finding.help(help),
        None => finding,
    }
}

/// The line of a place, up to the end of the word there.
fn line_up_to(text: &str, byte: usize) -> &str {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let up_to = text
        .get(byte..)
        .and_then(|rest| rest.find(['\n', '\r', ' ']))
        .map_or(text.len(), |end| byte + end);
    text.get(line..up_to).unwrap_or_default()
}

/// Whether an unquoted variable is in a flow mapping or list: in `{key: ${NAME}}` YAML takes
/// its brace for a mapping.
fn follows_bare_variable(written: &str) -> bool {
    written.match_indices("${").any(|(start, _)| {
        let head = written.get(..start).unwrap_or_default();
        head.contains(['{', '[']) && !head.ends_with(['"', '\''])
    })
}

/// Whether an unquoted value begins with a placeholder, which YAML takes for a mapping:
/// `key: {account}/{token}`.
fn begins_with_placeholder(written: &str) -> bool {
    written.match_indices(": {").any(|(start, begin)| {
        let rest = written.get(start + begin.len()..).unwrap_or_default();
        rest.split_once('}').is_some_and(|(word, after)| {
            !word.is_empty()
                && word.bytes().all(|letter| letter.is_ascii_lowercase())
                && !after.is_empty()
                && !after.starts_with(['}', ']', ',', ' ', ':', '#'])
        })
    })
}

/// Whether a value is in quotes that a word processor has made of plain ones.
fn has_typographic_quotes(written: &str) -> bool {
    [
        ": \u{201c}",
        ": \u{201d}",
        ": \u{201e}",
        ": \u{2018}",
        ": \u{2019}",
    ]
    .iter()
    .any(|begin| written.contains(begin))
}

/// What to do about the most frequent syntax errors.
fn remedy(kind: &ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => "indent with spaces: YAML does not allow tabs",
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => {
            "quote a text that contains a colon and a space, or check the indentation"
        }
        ErrorKind::UnclosedQuotedScalar => "add the closing quote",
        ErrorKind::UnclosedFlowCollection { open: '{' }
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::ExpectedFlowMappingSeparator => {
            "separate the entries with commas, and close the mapping with `}`"
        }
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::ExpectedFlowSequenceSeparator => {
            "separate the items with commas, and close the list with `]`"
        }
        ErrorKind::UnexpectedCharacter { .. } => {
            "quote a text that begins with a special character"
        }
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::SimpleKeyExpected
        | ErrorKind::InvalidIndentation
        | ErrorKind::ExpectedBlockSequenceEntry => {
            "check the indentation of this line and the line before; each key ends with a colon and a space"
        }
        ErrorKind::UnknownQuotedScalarEscape => {
            "write a backslash in double quotes as `\\\\`, or use single quotes"
        }
        _ => return None,
    })
}

/// The byte of a character counted from 0.
fn byte_of(text: &str, character: usize) -> usize {
    text.char_indices()
        .nth(character)
        .map_or(text.len(), |(byte, _)| byte)
}
