//! Comments in the files that are written.

use std::fmt::Write as _;

/// How wide a line with a comment may be.
const WIDTH: usize = 100;

/// A text as lines of comments, with a line break at the end of each.
pub(super) fn comment(indent: usize, text: &str) -> String {
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

/// The text without characters that end a line, that YAML does not allow, or
/// that change the order in which others are shown.
fn harmless(text: &str) -> String {
    let mut harmless = String::with_capacity(text.len());
    for character in text.chars() {
        let odd = character.is_control()
            || matches!(
                character,
                '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{200e}' | '\u{200f}'
                    | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            )
            || u32::from(character) & 0xFFFE == 0xFFFE;
        if odd {
            harmless.extend(character.escape_unicode());
        } else {
            harmless.push(character);
        }
    }
    harmless
}

/// Whether something in a text may be a secret.
pub(super) fn may_be_secret(text: &str) -> bool {
    text.split_whitespace()
        .any(|word| without_secrets(word) != word)
}

/// The word without what may be a secret: the token of a session, and any run of
/// letters and digits that is longer than names are. Names come from the tenant,
/// and people put all kinds of things into them.
fn without_secrets(word: &str) -> String {
    /// ISC's ids have 32 digits, its secrets 64.
    const LONGEST: usize = 40;
    const SHOWN: usize = 6;
    if word.contains("eyJ") {
        return "…".to_owned();
    }
    let mut shown = String::with_capacity(word.len());
    let mut rest = word;
    while !rest.is_empty() {
        let run = rest
            .find(|character: char| !character.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        let (letters, after) = rest.split_at(run);
        if letters.len() < LONGEST {
            shown.push_str(letters);
        } else {
            shown.push_str(&letters[..SHOWN]);
            shown.push('…');
        }
        let mark = after.chars().next();
        shown.extend(mark);
        rest = &after[mark.map_or(0, char::len_utf8)..];
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_repeated() {
        let hex = "0123456789abcdef".repeat(4);
        for (word, expected) in [
            ("svc-backup", "svc-backup"),
            (
                "0123456789abcdef0123456789abcdef",
                "0123456789abcdef0123456789abcdef",
            ),
            (&format!("({hex}):é"), "(012345…):é"),
            ("x=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln", "…"),
        ] {
            assert_eq!(without_secrets(word), expected);
        }
    }

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
    }
}
