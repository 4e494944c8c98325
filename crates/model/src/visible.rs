//! Hidden characters: control, invisible and bidirectional ones, shown by number.
//!
//! Text from a tenant, a file or a store can hold characters that move a cursor,
//! reverse the order of others, or show nothing at all. This is the one list of
//! them, for everything that is printed or written for a reader.

use std::fmt::Write as _;

/// Whether a reader does not see the character, or sees others because of it:
/// control characters, bidirectional marks, what has no width or no ink, spaces
/// that look like the usual one, variation selectors, and what is no character.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{a0}'
                | '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{1680}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{2000}'..='\u{200f}'
                | '\u{2028}'..='\u{202f}'
                | '\u{205f}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fdd0}'..='\u{fdef}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffc}'
                | '\u{13430}'..='\u{1343f}'
                | '\u{16fe4}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d159}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
        || u32::from(character) & 0xFFFE == 0xFFFE
}

/// The text on one line with everything visible. A line break is shown as `⏎`, a
/// tab as `⇥`, another hidden character by its number, such as `\u{202e}`.
pub fn visible(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::{is_hidden, visible};

    #[test]
    fn hidden_characters_are_shown_and_others_stay() {
        for (text, expected) in [
            ("Jürgen's <b>`account`</b>", "Jürgen's <b>`account`</b>"),
            ("山田\u{3000}太郎", "山田\u{3000}太郎"),
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

    #[test]
    fn security_low_every_invisible_character_is_hidden() {
        for hidden in [
            '\0',
            '\u{7f}',
            '\u{85}',
            '\u{9b}',
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{1160}',
            '\u{17b4}',
            '\u{180b}',
            '\u{180e}',
            '\u{180f}',
            '\u{200b}',
            '\u{200f}',
            '\u{2028}',
            '\u{202a}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{206f}',
            '\u{2800}',
            '\u{3164}',
            '\u{fe00}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fff0}',
            '\u{fff9}',
            '\u{fffb}',
            '\u{fffe}',
            '\u{1ffff}',
            '\u{e0001}',
            '\u{e0fff}',
        ] {
            assert!(is_hidden(hidden), "{:x}", u32::from(hidden));
        }
        for shown in [
            ' ',
            'a',
            'é',
            '⏎',
            '\u{3000}',
            '\u{fffd}',
            '\u{1f512}',
            '\u{f0000}',
        ] {
            assert!(!is_hidden(shown), "{:x}", u32::from(shown));
        }
    }
}
