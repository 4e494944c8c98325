//! Cleans what a person pasted, and says what cannot be a client ID or a secret.
//!
//! Terminals wrap what is pasted in marks, and documents add spaces that no one sees. What
//! is surely none of the value is removed; anything else is refused. No text repeats the
//! value.

use model::is_client_secret;

/// Which value is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// The client ID: the id of the token.
    ClientId,
    /// The client secret.
    Secret,
}

impl Field {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::ClientId => "client ID",
            Self::Secret => "client secret",
        }
    }

    /// How people and programs name it, in lower case without separators.
    fn labels(self) -> &'static [&'static str] {
        match self {
            Self::ClientId => &["sailclientid", "clientid", "id"],
            Self::Secret => &["sailclientsecret", "clientsecret", "secret"],
        }
    }
}

/// Marks that terminals put around what is pasted; the second forms have lost their ESC.
const BRACKETS: [&str; 6] = [
    "\u{1b}[200~",
    "\u{1b}[201~",
    "^[[200~",
    "^[[201~",
    "[200~",
    "[201~",
];

/// Characters that are not seen, and are no part of any value.
fn is_unseen(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Removes the junk of pasting that is at no place part of a value.
pub(super) fn without_junk(text: &str) -> String {
    let mut text = text.to_owned();
    for bracket in BRACKETS {
        text = text.replace(bracket, "");
    }
    text.chars()
        .filter(|character| !is_unseen(*character))
        .map(|character| match character {
            // Spaces of typesetting are spaces.
            other if other.is_whitespace() && other != '\n' => ' ',
            other => other,
        })
        .collect()
}

/// The value of a line, without label and quotes; an error says what was found.
///
/// # Errors
/// Another value's label, or characters that the value cannot have.
pub(super) fn value(field: Field, line: &str) -> Result<String, String> {
    let line = without_junk(line);
    let mut text = line.trim();
    let other = match field {
        Field::ClientId => Field::Secret,
        Field::Secret => Field::ClientId,
    };
    if let Some((labelled, rest)) = label(text) {
        if labelled == other {
            return Err(format!(
                "this is the {}, and the {} is asked for",
                other.name(),
                field.name()
            ));
        }
        text = rest;
    }
    let text = unquoted(text.trim_end_matches([',', ';']).trim());
    check(field, text)?;
    Ok(text.to_owned())
}

/// The field that a line names, and what is behind the name.
pub(super) fn label(line: &str) -> Option<(Field, &str)> {
    let line = line.trim();
    let line = line.strip_prefix("export ").unwrap_or(line);
    let at = line.find(['=', ':'])?;
    let name: String = line[..at]
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect();
    [Field::ClientId, Field::Secret]
        .into_iter()
        .find(|field| field.labels().contains(&name.as_str()))
        .map(|field| (field, line[at + 1..].trim()))
}

/// The text within quotes, where it is in some.
fn unquoted(text: &str) -> &str {
    const QUOTES: [(char, char); 6] = [
        ('"', '"'),
        ('\'', '\''),
        ('`', '`'),
        ('\u{201c}', '\u{201d}'),
        ('\u{2018}', '\u{2019}'),
        ('<', '>'),
    ];
    QUOTES
        .iter()
        .find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close))
        .map_or(text, str::trim)
}

fn check(field: Field, text: &str) -> Result<(), String> {
    let name = field.name();
    if text.is_empty() {
        return Err(format!("the {name} of the token is missing"));
    }
    let strange = text.chars().enumerate().find(|(_, character)| {
        !character.is_ascii_graphic() || "\"'`\\,;|(){}[]<>".contains(*character)
    });
    if let Some((at, character)) = strange {
        let shown = match character {
            ' ' => "a space".to_owned(),
            '\n' => "a line break".to_owned(),
            other => format!("the character U+{:04X}", u32::from(other)),
        };
        return Err(format!(
            "the {name} contains {shown} at position {}",
            at + 1
        ));
    }
    let length = text.len();
    match field {
        Field::ClientId if length > 128 => Err(format!(
            "the {name} has {length} characters; a client ID has at most 128"
        )),
        Field::ClientId => Ok(()),
        Field::Secret if is_client_secret(text) => Ok(()),
        Field::Secret => Err(format!(
            "the {name} has {length} characters; a secret of ISC has 64"
        )),
    }
}

/// Refuses the two values in each other's place: an ID has 32 hexadecimal digits, and a
/// secret 64.
///
/// # Errors
/// Values that look so.
pub(super) fn refuse_swapped(client_id: &str, secret: &str) -> Result<(), String> {
    let is_hex = |text: &str, digits| {
        text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    if is_hex(client_id, 64) && (is_hex(secret, 32) || client_id == secret) {
        return Err(
            "the client ID looks like a secret, and the secret like a client ID".to_owned(),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "5e1a0d6f9a3b4c2d8e7f60718293a4b5";
    const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[test]
    fn junk_of_pasting_is_removed() {
        for (before, after) in [
            ("", ""),
            ("  ", "\t\r"),
            ("\u{1b}[200~", "\u{1b}[201~"),
            ("[200~", "[201~"),
            ("^[[200~", "^[[201~\n"),
            ("\u{a0}", "\u{a0}"),
            ("\u{feff}\u{200b}", "\u{2060}"),
            ("\"", "\","),
            ("\u{201c}", "\u{201d}"),
            ("'", "'"),
            ("SAIL_CLIENT_SECRET=", ""),
            ("export CLIENT_SECRET='", "'"),
            ("Client Secret: ", ""),
            ("\"clientSecret\": \"", "\","),
            ("\u{1b}[200~CLIENT_SECRET = \"", "\"\u{1b}[201~"),
        ] {
            let found = value(Field::Secret, &format!("{before}{SECRET}{after}"));
            assert_eq!(found.as_deref(), Ok(SECRET), "{before:?} {after:?}");
        }
        let (first, last) = SECRET.split_at(20);
        let found = value(Field::Secret, &format!("{first}\u{200b}{last}"));
        assert_eq!(found.as_deref(), Ok(SECRET));
        for line in [
            ID.to_owned(),
            format!("clientId: {ID}"),
            format!("SAIL_CLIENT_ID={ID}"),
            format!("\"id\": \"{ID}\","),
        ] {
            assert_eq!(value(Field::ClientId, &line).as_deref(), Ok(ID), "{line}");
        }
    }

    #[test]
    fn what_can_be_no_value_is_refused_without_showing_it() {
        let (first, last) = SECRET.split_at(33);
        for (field, line, expected) in [
            (Field::Secret, String::new(), "is missing"),
            (Field::ClientId, "\u{feff} ".to_owned(), "is missing"),
            (
                Field::Secret,
                format!("{first} {last}"),
                "a space at position 34",
            ),
            (
                Field::Secret,
                format!("{first}\u{a0}{last}"),
                "a space at position 34",
            ),
            (
                Field::Secret,
                format!("{first}é{last}"),
                "U+00E9 at position 34",
            ),
            (
                Field::Secret,
                format!("{first}\u{1b}[A{last}"),
                "U+001B at position 34",
            ),
            (Field::Secret, "wrong".to_owned(), "has 5 characters"),
            (Field::Secret, "a".repeat(600), "has 600 characters"),
            (
                Field::Secret,
                format!("CLIENT_ID={ID}"),
                "this is the client ID",
            ),
            (
                Field::ClientId,
                format!("secret: {SECRET}"),
                "this is the client secret",
            ),
            (Field::ClientId, "a,b".to_owned(), "U+002C at position 2"),
            (Field::ClientId, "a".repeat(129), "has 129 characters"),
        ] {
            let error = value(field, &line).unwrap_err();
            assert!(error.contains(expected), "{line}: {error}");
            assert!(!error.contains(&SECRET[..16]), "{error}");
        }
        assert!(refuse_swapped(SECRET, ID).is_err());
        assert!(refuse_swapped(SECRET, SECRET).is_err());
        assert!(refuse_swapped(ID, SECRET).is_ok());
    }
}
