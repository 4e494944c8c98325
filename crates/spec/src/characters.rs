//! Characters that a reader does not see, or takes for others: named by code point.

use model::is_hidden;

/// A character that is not what it seems to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Odd {
    /// What it is, with its code point, such as `U+200B ZERO WIDTH SPACE`.
    pub(crate) name: String,
    /// Why it is odd, as the end of a sentence about it.
    pub(crate) why: String,
    /// The whole text without such characters, to be typed instead.
    pub(crate) instead: String,
}

/// The first character of a text that nobody sees, or that looks like a Latin letter
/// beside Latin ones.
pub(crate) fn unseen(text: &str) -> Option<Odd> {
    if text.is_ascii() {
        return None;
    }
    // Whole words in another alphabet are what they seem to be.
    let has_latin = text.chars().any(|letter| letter.is_ascii_alphabetic());
    let look_alike = |letter: char| if has_latin { looks_like(letter) } else { None };
    let instead = || -> String {
        text.chars()
            .filter_map(|letter| match look_alike(letter) {
                Some((latin, _)) => Some(latin),
                None if letter == '\u{a0}' || letter == '\u{202f}' => Some(' '),
                None if is_hidden(letter) => None,
                None => Some(letter),
            })
            .collect()
    };
    text.chars().find_map(|letter| {
        let (name, why) = if let Some((latin, name)) = look_alike(letter) {
            (Some(name), format!("looks like `{latin}`"))
        } else if is_hidden(letter) && !letter.is_control() {
            (hidden_name(letter), "is not visible".to_owned())
        } else {
            return None;
        };
        Some(Odd {
            name: named(letter, name),
            why,
            instead: instead(),
        })
    })
}

/// The first character beyond the Basic Multilingual Plane, by its code point.
pub(crate) fn beyond_bmp(text: &str) -> Option<String> {
    text.chars()
        .find(|letter| u32::from(*letter) > 0xFFFF)
        .map(|letter| format!("{} (`{letter}`)", named(letter, None)))
}

fn named(letter: char, name: Option<&str>) -> String {
    let number = format!("U+{:04X}", u32::from(letter));
    match name {
        Some(name) => format!("{number} {name}"),
        None => number,
    }
}

/// The names of the hidden characters that come along when text is copied.
fn hidden_name(letter: char) -> Option<&'static str> {
    Some(match letter {
        '\u{a0}' => "NO-BREAK SPACE",
        '\u{ad}' => "SOFT HYPHEN",
        '\u{34f}' => "COMBINING GRAPHEME JOINER",
        '\u{2002}' => "EN SPACE",
        '\u{2003}' => "EM SPACE",
        '\u{2007}' => "FIGURE SPACE",
        '\u{2009}' => "THIN SPACE",
        '\u{200a}' => "HAIR SPACE",
        '\u{200b}' => "ZERO WIDTH SPACE",
        '\u{200c}' => "ZERO WIDTH NON-JOINER",
        '\u{200d}' => "ZERO WIDTH JOINER",
        '\u{200e}' => "LEFT-TO-RIGHT MARK",
        '\u{200f}' => "RIGHT-TO-LEFT MARK",
        '\u{202a}' => "LEFT-TO-RIGHT EMBEDDING",
        '\u{202b}' => "RIGHT-TO-LEFT EMBEDDING",
        '\u{202c}' => "POP DIRECTIONAL FORMATTING",
        '\u{202d}' => "LEFT-TO-RIGHT OVERRIDE",
        '\u{202e}' => "RIGHT-TO-LEFT OVERRIDE",
        '\u{202f}' => "NARROW NO-BREAK SPACE",
        '\u{2060}' => "WORD JOINER",
        '\u{2066}' => "LEFT-TO-RIGHT ISOLATE",
        '\u{2067}' => "RIGHT-TO-LEFT ISOLATE",
        '\u{2069}' => "POP DIRECTIONAL ISOLATE",
        '\u{fe0f}' => "VARIATION SELECTOR-16",
        '\u{feff}' => "ZERO WIDTH NO-BREAK SPACE",
        _ => return None,
    })
}

/// The Latin letter or sign that another one looks like in most fonts.
fn looks_like(letter: char) -> Option<(char, &'static str)> {
    LOOK_ALIKES
        .iter()
        .find(|(other, _, _)| *other == letter)
        .map(|(_, latin, name)| (*latin, *name))
}

/// Letters of other alphabets with the shape of a Latin one.
const LOOK_ALIKES: &[(char, char, &str)] = &[
    ('а', 'a', "CYRILLIC SMALL LETTER A"),
    ('с', 'c', "CYRILLIC SMALL LETTER ES"),
    ('ԁ', 'd', "CYRILLIC SMALL LETTER KOMI DE"),
    ('е', 'e', "CYRILLIC SMALL LETTER IE"),
    ('һ', 'h', "CYRILLIC SMALL LETTER SHHA"),
    ('і', 'i', "CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I"),
    ('ј', 'j', "CYRILLIC SMALL LETTER JE"),
    ('ӏ', 'l', "CYRILLIC SMALL LETTER PALOCHKA"),
    ('о', 'o', "CYRILLIC SMALL LETTER O"),
    ('р', 'p', "CYRILLIC SMALL LETTER ER"),
    ('ѕ', 's', "CYRILLIC SMALL LETTER DZE"),
    ('х', 'x', "CYRILLIC SMALL LETTER HA"),
    ('у', 'y', "CYRILLIC SMALL LETTER U"),
    ('А', 'A', "CYRILLIC CAPITAL LETTER A"),
    ('В', 'B', "CYRILLIC CAPITAL LETTER VE"),
    ('С', 'C', "CYRILLIC CAPITAL LETTER ES"),
    ('Е', 'E', "CYRILLIC CAPITAL LETTER IE"),
    ('Н', 'H', "CYRILLIC CAPITAL LETTER EN"),
    ('І', 'I', "CYRILLIC CAPITAL LETTER BYELORUSSIAN-UKRAINIAN I"),
    ('Ј', 'J', "CYRILLIC CAPITAL LETTER JE"),
    ('К', 'K', "CYRILLIC CAPITAL LETTER KA"),
    ('М', 'M', "CYRILLIC CAPITAL LETTER EM"),
    ('О', 'O', "CYRILLIC CAPITAL LETTER O"),
    ('Р', 'P', "CYRILLIC CAPITAL LETTER ER"),
    ('Ѕ', 'S', "CYRILLIC CAPITAL LETTER DZE"),
    ('Т', 'T', "CYRILLIC CAPITAL LETTER TE"),
    ('Х', 'X', "CYRILLIC CAPITAL LETTER HA"),
    ('Υ', 'Y', "GREEK CAPITAL LETTER UPSILON"),
    ('ο', 'o', "GREEK SMALL LETTER OMICRON"),
    ('ν', 'v', "GREEK SMALL LETTER NU"),
    ('ι', 'i', "GREEK SMALL LETTER IOTA"),
    ('Α', 'A', "GREEK CAPITAL LETTER ALPHA"),
    ('Β', 'B', "GREEK CAPITAL LETTER BETA"),
    ('Ε', 'E', "GREEK CAPITAL LETTER EPSILON"),
    ('Ζ', 'Z', "GREEK CAPITAL LETTER ZETA"),
    ('Η', 'H', "GREEK CAPITAL LETTER ETA"),
    ('Ι', 'I', "GREEK CAPITAL LETTER IOTA"),
    ('Κ', 'K', "GREEK CAPITAL LETTER KAPPA"),
    ('Μ', 'M', "GREEK CAPITAL LETTER MU"),
    ('Ν', 'N', "GREEK CAPITAL LETTER NU"),
    ('Ο', 'O', "GREEK CAPITAL LETTER OMICRON"),
    ('Ρ', 'P', "GREEK CAPITAL LETTER RHO"),
    ('Τ', 'T', "GREEK CAPITAL LETTER TAU"),
    ('Χ', 'X', "GREEK CAPITAL LETTER CHI"),
    ('ı', 'i', "LATIN SMALL LETTER DOTLESS I"),
    ('\u{2010}', '-', "HYPHEN"),
    ('\u{2011}', '-', "NON-BREAKING HYPHEN"),
    ('\u{2013}', '-', "EN DASH"),
    ('\u{2212}', '-', "MINUS SIGN"),
    ('\u{2024}', '.', "ONE DOT LEADER"),
    ('\u{ff20}', '@', "FULLWIDTH COMMERCIAL AT"),
    ('\u{ff1a}', ':', "FULLWIDTH COLON"),
    ('\u{a789}', ':', "MODIFIER LETTER COLON"),
];

/// The first line of a text up to this byte's that is indented with a space that is no
/// plain one, counted from 1, with the name of that space.
pub(crate) fn odd_indentation(text: &str, byte: usize) -> Option<(usize, String)> {
    let upto = text.get(byte..).map_or(text.len(), |rest| {
        byte + rest.find('\n').unwrap_or(rest.len())
    });
    text.get(..upto)?
        .lines()
        .enumerate()
        .find_map(|(index, line)| {
            let indent = line
                .chars()
                .take_while(|letter| letter.is_whitespace() || is_hidden(*letter));
            let odd = indent
                .into_iter()
                .find(|letter| !matches!(letter, ' ' | '\t' | '\r' | '\u{feff}'))?;
            Some((index + 1, named(odd, hidden_name(odd))))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenants_09_what_nobody_sees_is_named() {
        for (text, expected) in [
            ("audit01", None),
            ("jürgen", None),
            // A whole word in another alphabet.
            ("аудит", None),
            ("山田", None),
            (
                "audit\u{200b}01",
                Some(("U+200B ZERO WIDTH SPACE", "is not visible", "audit01")),
            ),
            (
                "audit\u{a0}01",
                Some(("U+00A0 NO-BREAK SPACE", "is not visible", "audit 01")),
            ),
            ("\u{e0041}x", Some(("U+E0041", "is not visible", "x"))),
            (
                "\u{430}udit",
                Some(("U+0430 CYRILLIC SMALL LETTER A", "looks like `a`", "audit")),
            ),
            (
                "sp:search\u{ff1a}read",
                Some(("U+FF1A FULLWIDTH COLON", "looks like `:`", "sp:search:read")),
            ),
        ] {
            let expected = expected.map(|(name, why, instead)| Odd {
                name: name.to_owned(),
                why: why.to_owned(),
                instead: instead.to_owned(),
            });
            assert_eq!(unseen(text), expected, "{text:?}");
        }
        assert_eq!(
            beyond_bmp("a\u{1f512}").as_deref(),
            Some("U+1F512 (`\u{1f512}`)")
        );
        assert_eq!(beyond_bmp("é山"), None);
    }

    #[test]
    fn tenants_09_indentation_is_named() {
        let text = "a:\n \u{a0}b: c\nd: e\n";
        let found = Some((2, "U+00A0 NO-BREAK SPACE".to_owned()));
        assert_eq!(odd_indentation(text, text.len()), found);
        assert_eq!(odd_indentation(text, 1), None);
        assert_eq!(odd_indentation("\u{feff}a:\n  b: \u{a0}\n", 9), None);
    }
}
