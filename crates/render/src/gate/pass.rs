//! Shows hidden characters and CI commands by number, in text of any origin.

use super::style;
use model::{ci_marks, is_hidden, may_have_ci_marks};
use std::borrow::Cow;
use std::fmt::Write as _;

/// How a character is shown by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// `\u{202e}`, for people.
    Braces,
    /// `\u202e`, within the strings of a JSON document.
    Json,
}

/// The text as it may be printed. Line breaks, tabs and the colors of steersman's
/// renderers stay; every other hidden character, and what a CI system would obey,
/// is shown by number.
pub fn gate(text: &str) -> Cow<'_, str> {
    pass(text, Notation::Braces, true)
}

/// The same for text that has no colors.
pub fn gate_plain(text: &str) -> Cow<'_, str> {
    pass(text, Notation::Braces, false)
}

/// The gate with a notation; `styled` lets colors through.
pub(super) fn pass(text: &str, notation: Notation, styled: bool) -> Cow<'_, str> {
    if !text.chars().any(is_stopped) && !may_have_ci_marks(text) {
        return Cow::Borrowed(text);
    }
    let mut passed = String::with_capacity(text.len() + 64);
    let mut line = Line::default();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if character == '\n' || rest.starts_with("\r\n") {
            line.write(&mut passed, notation);
            line = Line::default();
            passed.push('\n');
            rest = rest.strip_prefix('\r').unwrap_or(rest);
            rest = rest.strip_prefix('\n').unwrap_or(rest);
            continue;
        }
        if styled
            && let Some(length) = style::length(rest)
            && let Some((sequence, after)) = rest.split_at_checked(length)
        {
            line.styles.push((line.characters.len(), sequence));
            rest = after;
            continue;
        }
        line.characters.push(character);
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
    }
    line.write(&mut passed, notation);
    Cow::Owned(passed)
}

fn is_stopped(character: char) -> bool {
    is_hidden(character) && !matches!(character, '\n' | '\t')
}

/// A line with its colors aside: a CI system reads it without them.
#[derive(Default)]
struct Line<'a> {
    characters: Vec<char>,
    /// Color sequences, with the index of the character that they come before.
    styles: Vec<(usize, &'a str)>,
}

impl Line<'_> {
    fn write(&self, passed: &mut String, notation: Notation) {
        let mut marks = ci_marks(&self.characters).into_iter().peekable();
        let mut styles = self.styles.iter().peekable();
        for (index, character) in self.characters.iter().enumerate() {
            while let Some((_, sequence)) = styles.next_if(|(at, _)| *at == index) {
                passed.push_str(sequence);
            }
            let is_mark = marks.next_if_eq(&index).is_some();
            if is_mark || is_stopped(*character) {
                by_number(passed, *character, notation);
            } else {
                passed.push(*character);
            }
        }
        for (_, sequence) in styles {
            passed.push_str(sequence);
        }
    }
}

fn by_number(passed: &mut String, character: char, notation: Notation) {
    // Writing into a text cannot fail.
    match notation {
        Notation::Braces => {
            let _ = write!(passed, "\\u{{{:x}}}", u32::from(character));
        }
        Notation::Json => {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(passed, "\\u{unit:04x}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn security_m2_names_reach_no_terminal_raw() {
        for (text, expected) in [
            ("plain\n\ttext", "plain\n\ttext"),
            ("\u{1b}[31mred\u{1b}[39m", "\u{1b}[31mred\u{1b}[39m"),
            ("\u{1b}]52;c;eA==\u{7}", "\\u{1b}]52;c;eA==\\u{7}"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("a\u{9b}31m", "a\\u{9b}31m"),
            ("admin\u{202e}nimda", "admin\\u{202e}nimda"),
            ("dos\r\nline\r", "dos\nline\\u{d}"),
        ] {
            assert_eq!(gate(text), expected);
        }
        assert_eq!(gate_plain("\u{1b}[31mred"), "\\u{1b}[31mred");
    }

    #[test]
    fn security_m4_no_ci_system_obeys_a_line() {
        for (text, expected) in [
            ("a\n::add-mask::x", "a\n\\u{3a}:add-mask::x"),
            (
                "\u{1b}[31m \u{1b}[39m::error::x",
                "\u{1b}[31m \u{1b}[39m\\u{3a}:error::x",
            ),
            ("a ##[group]", "a \\u{23}#[group]"),
            (
                "a name that is\n    \u{1b}[31m/merge now",
                "a name that is\n    \u{1b}[31m\\u{2f}merge now",
            ),
            ("/srv/spec/a.yaml", "/srv/spec/a.yaml"),
            (
                "#\u{1b}[31m#vso[x]\u{1b}[39m",
                "\\u{23}\u{1b}[31m#vso[x]\u{1b}[39m",
            ),
            (
                "section_start:1:x\r\u{1b}[0K",
                "\\u{73}ection_start:1:x\\u{d}\\u{1b}[0K",
            ),
        ] {
            assert_eq!(gate(text), expected);
        }
    }
}
