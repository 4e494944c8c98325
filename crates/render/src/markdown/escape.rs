//! Markdown escaping: shows any text literally.

use crate::gate::gate_plain;
use crate::view::words::words;
use std::fmt::Write as _;

/// A name or an address, in the type of code. Inside of it nothing is taken for
/// a mention, an issue, an emoji or a link.
pub(crate) fn code(text: &str) -> String {
    format!("<code>{}</code>", entities(text))
}

/// Prose with names in it. `@` and `#` are followed by a character without
/// width, so that nobody is notified and no issue is linked.
pub(crate) fn prose(text: &str) -> String {
    words(text)
        .into_iter()
        .map(|words| {
            if words.is_code {
                code(words.text)
            } else {
                unlinked(words.text)
            }
        })
        .collect()
}

fn unlinked(text: &str) -> String {
    entities(text)
        .replace("&#64;", "&#64;&#8288;")
        .replace("&#35;", "&#35;&#8288;")
}

/// A block of code that ends where it should, whatever is in it.
pub(super) fn fence(language: &str, text: &str) -> String {
    let text = gate_plain(text);
    let mut longest = 0;
    let mut run = 0;
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let marks = "`".repeat(3.max(longest + 1));
    let text: String = text.trim_end_matches('\n').lines().map(inert).collect();
    format!("{marks}{language}\n{text}{marks}\n")
}

/// The line of a block of code with a line break. Bots read comments line by line
/// and look into blocks of code too, so none of them begins with a `/command`.
fn inert(line: &str) -> String {
    let command = line.trim_start();
    match command.strip_prefix('/') {
        Some(rest) => {
            let indent = line.strip_suffix(command).unwrap_or_default();
            format!("{indent}\\u{{2f}}{rest}\n")
        }
        None => format!("{line}\n"),
    }
}

/// The text for use in the comment that marks what steersman wrote. A comment
/// must not have two hyphens in a row, nor end early.
pub(super) fn in_comment(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        let plain = character.is_ascii_alphanumeric() || ":/._[]".contains(character);
        if plain || (character == '-' && !escaped.ends_with('-')) {
            escaped.push(character);
        } else {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                let _ = write!(escaped, "%{byte:02X}");
            }
        }
    }
    escaped
}

/// What could mean something in Markdown or HTML is written by its number:
/// entities are never part of the structure of either.
fn entities(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        push(&mut escaped, character, characters.peek().copied());
    }
    escaped
}

fn push(escaped: &mut String, character: char, next: Option<char>) {
    let means_something = match character {
        '&' | '<' | '>' | '"' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '\\' | '@'
        | '$' => true,
        // The beginning of an address or an emoji.
        ':' => next.is_some_and(|next| next.is_alphabetic() || "/+-_".contains(next)),
        // A bot takes a line that begins so for a command.
        '/' => escaped.is_empty(),
        '.' => escaped.to_ascii_lowercase().ends_with("www"),
        _ => false,
    };
    if means_something {
        let _ = write!(escaped, "&#{};", u32::from(character));
    } else {
        escaped.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_mean_something_is_written_by_its_number() {
        for (text, expected) in [
            ("SA-001", "<code>SA-001</code>"),
            ("</code>", "<code>&#60;/code&#62;</code>"),
            ("a_b*c|`d`", "<code>a&#95;b&#42;c&#124;&#96;d&#96;</code>"),
            ("&lt;", "<code>&#38;lt;</code>"),
            (":smile: 10:30", "<code>&#58;smile: 10:30</code>"),
            ("https://x.example", "<code>https&#58;//x.example</code>"),
            ("WWW.x", "<code>WWW&#46;x</code>"),
            ("Jürgen", "<code>Jürgen</code>"),
        ] {
            assert_eq!(code(text), expected);
        }
        for (text, expected) in [
            ("@team #1", "&#64;&#8288;team &#35;&#8288;1"),
            ("say `a_b` twice", "say <code>a&#95;b</code> twice"),
            ("one ` alone", "one &#96; alone"),
        ] {
            assert_eq!(prose(text), expected);
        }
    }

    #[test]
    fn a_fence_is_longer_than_what_is_in_it() {
        for (text, marks) in [("plain", "```"), ("a ``` b", "````"), ("`````", "``````")] {
            let block = fence("diff", text);
            assert_eq!(block, format!("{marks}diff\n{text}\n{marks}\n"));
        }
    }

    #[test]
    fn security_m4_no_line_begins_with_a_command_of_a_bot() {
        let block = fence("diff", "+ a\n  /merge now\n/approve");
        assert_eq!(
            block,
            "```diff\n+ a\n  \\u{2f}merge now\n\\u{2f}approve\n```\n"
        );
        assert_eq!(prose("/merge a/b"), "&#47;merge a/b");
    }

    #[test]
    fn a_comment_cannot_be_ended_by_what_is_in_it() {
        for (text, expected) in [
            (
                "https://acme.api.identitynow.com",
                "https://acme.api.identitynow.com",
            ),
            ("a--><script>", "a-%2D%3E%3Cscript%3E"),
            ("ü", "%C3%BC"),
        ] {
            assert_eq!(in_comment(text), expected);
        }
    }
}
