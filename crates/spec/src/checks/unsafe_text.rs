//! Rejects texts that do not fit into a cell of the CSV import.
//!
//! A cell is one line without control characters. ISC may trim spaces at its ends,
//! and every later plan would then show a change.

use super::cells::cells;
use super::each::Each;
use super::subject::{Subject, address_of};
use crate::code::Code;
use crate::finding::{Finding, Findings};
use model::AccountSpec;

pub(super) struct UnsafeText;

impl<'a> Each<'a> for UnsafeText {
    fn account(
        &mut self,
        subject: &Subject<'a>,
        account: &'a AccountSpec,
        findings: &mut Findings,
    ) {
        for (cell, text) in account.row.iter().flat_map(cells) {
            let Some(trouble) = trouble(text) else {
                continue;
            };
            let Some(span) = subject.known(&address_of(account), &cell.field()) else {
                continue;
            };
            findings.push(
                Finding::new(
                    Code::UnsafeText,
                    format!("text for the CSV import {}", trouble.what()),
                )
                .at(span, trouble.what())
                .help(trouble.help()),
            );
        }
    }
}

/// Why a text does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    EndsWithLineBreak,
    LineBreak,
    Control,
    Spaces,
}

impl Trouble {
    fn what(self) -> &'static str {
        match self {
            Self::EndsWithLineBreak => "ends with a line break",
            Self::LineBreak => "contains line breaks",
            Self::Control => "contains control characters",
            Self::Spaces => "begins or ends with a space",
        }
    }

    fn help(self) -> &'static str {
        match self {
            Self::EndsWithLineBreak => {
                "write `>-` instead of `>` or `|`, or put the text on one line"
            }
            Self::LineBreak => "put the text on one line; `>-` folds several lines into one",
            Self::Control => "remove the control characters",
            Self::Spaces => "remove the spaces at its ends",
        }
    }
}

fn trouble(text: &str) -> Option<Trouble> {
    // As nearly all are.
    let has_ends = |end: Option<&u8>| end.is_none_or(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    if bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
        && has_ends(bytes.first())
        && has_ends(bytes.last())
    {
        return None;
    }
    let is_break =
        |character: char| matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let without_end = text.trim_end_matches('\n');
    if without_end.contains(is_break) {
        Some(Trouble::LineBreak)
    } else if without_end.len() < text.len() {
        Some(Trouble::EndsWithLineBreak)
    } else if text.chars().any(char::is_control) {
        Some(Trouble::Control)
    } else if text.trim() != text {
        Some(Trouble::Spaces)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        for (text, expected) in [
            ("Automate, \"monthly\"; é", None),
            ("", None),
            ("a\n", Some(Trouble::EndsWithLineBreak)),
            ("a\nb\n", Some(Trouble::LineBreak)),
            ("a\r\nb", Some(Trouble::LineBreak)),
            ("a\u{2028}b", Some(Trouble::LineBreak)),
            ("a\tb", Some(Trouble::Control)),
            ("a\0", Some(Trouble::Control)),
            (" a", Some(Trouble::Spaces)),
            ("a\u{a0}", Some(Trouble::Spaces)),
        ] {
            assert_eq!(trouble(text), expected, "{text:?}");
        }
    }
}
