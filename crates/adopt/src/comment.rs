//! Writes YAML comments: wrapped, without control characters, with secrets redacted.

use crate::redact::without_secrets;
use model::{ci_marks, is_hidden};
use std::fmt::Write as _;

/// The most characters of a line with a comment.
const WIDTH: usize = 100;

/// A text as comment lines, each ending with a line break.
pub(crate) fn comment(indent: usize, text: &str) -> String {
    let mark = format!("{}# ", " ".repeat(indent));
    let mut lines = String::new();
    let mut line = String::new();
    for word in harmless(text).split_whitespace().map(without_secrets) {
        let width = indent + 2 + line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && width > WIDTH {
            let _ = writeln!(lines, "{mark}{line}");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    lines.push_str(format!("{mark}{line}").trim_end());
    lines.push('\n');
    lines
}

/// The text without characters that end a line, that YAML does not allow, or that
/// a reader does not see, and without what a CI system obeys in a log.
fn harmless(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut marks = ci_marks(&characters).into_iter().peekable();
    let mut harmless = String::with_capacity(text.len());
    for (index, character) in characters.into_iter().enumerate() {
        let is_mark = marks.next_if_eq(&index).is_some();
        if is_mark || is_hidden(character) {
            harmless.extend(character.escape_unicode());
        } else {
            harmless.push(character);
        }
    }
    harmless
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_wrapped_and_harmless() {
        assert_eq!(comment(2, "a\nb"), "  # a\\u{a}b\n");
        assert_eq!(comment(0, ""), "#\n");
        let long = comment(4, &"word ".repeat(50));
        assert!(long.lines().all(|line| line.starts_with("    # word")));
        assert!(long.lines().all(|line| line.len() <= WIDTH));
        assert_eq!(long.matches("word").count(), 50);
        assert_eq!(
            comment(0, "x\u{202e}y\u{2028}\u{fffe}"),
            "# x\\u{202e}y\\u{2028}\\u{fffe}\n"
        );
        assert_eq!(comment(0, "a ##[b]"), "# a \\u{23}#[b]\n");
    }
}
