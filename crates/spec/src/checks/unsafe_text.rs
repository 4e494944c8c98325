//! Texts of an account's row fit into a cell of the CSV import: one line, no
//! control characters, no blanks at the ends that ISC might trim and that would
//! then be drift for ever.

use super::subject::Subject;
use crate::code::Code;
use crate::finding::{Finding, Findings};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for (account, address) in subject.accounts() {
        let Some(row) = &account.row else { continue };
        let mut cells = vec![
            ("id".to_owned(), row.id.as_str()),
            ("name".to_owned(), row.name.as_str()),
            ("email".to_owned(), row.email.as_str()),
            ("purpose".to_owned(), row.purpose.as_str()),
        ];
        cells.extend(
            row.attributes
                .iter()
                .map(|(name, value)| (format!("attributes={name}.value"), value.as_str())),
        );
        for (field, text) in cells {
            let Some(trouble) = trouble(text) else {
                continue;
            };
            let Some(span) = subject.known(&address, &field) else {
                continue;
            };
            findings.push(
                Finding::new(
                    Code::UnsafeText,
                    format!("this text {} and does not fit into a cell", trouble.what()),
                )
                .at(span, "goes into the CSV import")
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
    Blanks,
}

impl Trouble {
    fn what(self) -> &'static str {
        match self {
            Self::EndsWithLineBreak => "ends with a line break",
            Self::LineBreak => "has line breaks in it",
            Self::Control => "has control characters in it",
            Self::Blanks => "begins or ends with a blank",
        }
    }

    fn help(self) -> &'static str {
        match self {
            Self::EndsWithLineBreak => {
                "write `>-` instead of `>` or `|`, or put the text on one line"
            }
            Self::LineBreak => "put the text on one line; `>-` folds several lines into one",
            Self::Control => "remove them",
            Self::Blanks => "remove the blanks at its ends",
        }
    }
}

fn trouble(text: &str) -> Option<Trouble> {
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
        Some(Trouble::Blanks)
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
            (" a", Some(Trouble::Blanks)),
            ("a\u{a0}", Some(Trouble::Blanks)),
        ] {
            assert_eq!(trouble(text), expected, "{text:?}");
        }
    }
}
