//! YAML scalars with hidden characters: written in quotes, each by its number.
//!
//! The YAML writer leaves invisible and bidirectional characters as they are, and a
//! reviewer would not see them. Such a text is sealed before it is written, as
//! letters that need no quotes, and opened in the finished YAML.

use model::{is_hidden, may_have_ci_marks};
use std::fmt::Write as _;

/// Begins a sealed text; a hexadecimal number for each character follows.
const SEAL: &str = "steersman-sealed-scalar";
/// Separates and ends the numbers.
const SEPARATOR: char = '.';

/// The text, sealed where a reader would not see all of it, or a CI system would
/// obey a part of it.
pub(crate) fn sealed(text: String) -> String {
    let is_harmless =
        !text.chars().any(is_hidden) && !may_have_ci_marks(&text) && !text.contains(SEAL);
    if is_harmless {
        return text;
    }
    let mut sealed = SEAL.to_owned();
    sealed.push(SEPARATOR);
    for character in text.chars() {
        let _ = write!(sealed, "{:x}{SEPARATOR}", u32::from(character));
    }
    sealed.push_str("end");
    sealed
}

/// The YAML with every sealed text opened, in double quotes.
pub(crate) fn opened(yaml: &str) -> String {
    let mut opened = String::with_capacity(yaml.len());
    let mut rest = yaml;
    while let Some((before, sealed)) = rest.split_once(SEAL) {
        opened.push_str(before);
        let (numbers, after) = sealed.split_once("end").unwrap_or((sealed, ""));
        opened.push('"');
        let characters = numbers
            .split(SEPARATOR)
            .filter_map(|number| char::from_u32(u32::from_str_radix(number, 16).ok()?));
        characters.for_each(|character| push(&mut opened, character));
        opened.push('"');
        rest = after;
    }
    opened.push_str(rest);
    opened
}

fn push(quoted: &mut String, character: char) {
    let number = u32::from(character);
    // Writing into a text cannot fail.
    let _ = match character {
        '"' | '\\' => write!(quoted, "\\{character}"),
        // With these by number, no CI system obeys a line.
        '#' | ':' | '_' => write!(quoted, "\\x{number:02x}"),
        hidden if is_hidden(hidden) => match number {
            0..=0xff => write!(quoted, "\\x{number:02x}"),
            0x100..=0xffff => write!(quoted, "\\u{number:04x}"),
            _ => write!(quoted, "\\U{number:08x}"),
        },
        plain => write!(quoted, "{plain}"),
    };
}

#[cfg(test)]
mod tests {
    use super::{SEAL, opened, sealed};
    use model::is_hidden;

    #[test]
    fn security_low_adopt_writes_no_hidden_character() {
        for text in [
            "admin\u{202e}nimda",
            "a\u{e0041}\"b\\",
            "\u{feff}x\u{9b}",
            "two\nlines\n",
            "::add-mask::x",
            "##vso[x] ##[group]",
            "section_start:1:x",
            SEAL,
        ] {
            let yaml = serde_yaml::to_string(&[sealed(text.to_owned())]).unwrap();
            let yaml = opened(&yaml);
            assert!(
                !yaml.chars().any(|shown| shown != '\n' && is_hidden(shown)),
                "{yaml}"
            );
            for mark in ["::", "##", "section_"] {
                assert!(!yaml.contains(mark), "{yaml}");
            }
            let read: Vec<String> = serde_yaml::from_str(&yaml).unwrap();
            assert_eq!(read, [text]);
        }
        assert_eq!(sealed("plain text".to_owned()), "plain text");
    }
}
