//! Makes control and other hidden characters visible.

use std::fmt::Write as _;

/// The text with everything visible and on one line. A name with a control
/// character could move the cursor, end a line, or show itself in another order
/// than it is stored in; such characters are shown by their number instead.
pub(crate) fn visible(text: &str) -> String {
    if !text.chars().any(is_hidden) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\n' => shown.push('⏎'),
            '\t' => shown.push('⇥'),
            hidden if is_hidden(hidden) => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(hidden));
            }
            plain => shown.push(plain),
        }
    }
    shown
}

/// Control characters, line separators, what changes the direction of writing,
/// what has no width, and spaces that look like the usual one.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{a0}'
                | '\u{ad}'
                | '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn hidden_characters_are_shown_and_others_stay() {
        for (text, expected) in [
            ("Jürgen's <b>`account`</b>", "Jürgen's <b>`account`</b>"),
            ("two\nlines", "two⏎lines"),
            ("\u{1b}[2Jgone", "\\u{1b}[2Jgone"),
            ("admin\u{202e}nimda", "admin\\u{202e}nimda"),
            ("zero\u{200b}width", "zero\\u{200b}width"),
            ("tab\there\r", "tab⇥here\\u{d}"),
            ("", ""),
        ] {
            assert_eq!(visible(text), expected);
        }
    }
}
