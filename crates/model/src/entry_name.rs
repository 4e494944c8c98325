//! Entry name: the name of a key in a system of secrets, by that system's naming rules.
//!
//! Two keys never have the same name: each mapping can be undone. Characters that a
//! system does not allow become their UTF-8 bytes in hexadecimal, after a mark.

use crate::{KeyError, ReadyMade, ReadyMadeKind, key_as_path};

impl ReadyMade {
    /// The name of the entry that a key stands for.
    pub fn entry(&self, key: &str) -> Result<String, KeyError> {
        key_as_path(key)?;
        let key = if self.prefix.is_empty() {
            key.to_owned()
        } else {
            format!("{}/{key}", self.prefix)
        };
        let (name, limit) = match &self.kind {
            ReadyMadeKind::Vault { .. }
            | ReadyMadeKind::AwsSecretsManager { .. }
            | ReadyMadeKind::OnePassword { .. } => (escaped(&key), 512_u16),
            ReadyMadeKind::KubernetesSecret { .. } => (subdomain(&key), 253),
            ReadyMadeKind::GithubActionsSecret { .. } => (variable(&key)?, 255),
            ReadyMadeKind::Gcloud { .. } => {
                let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
                (doubled(&key, '_', is_plain), 255)
            }
            ReadyMadeKind::AzureKeyVault { .. } => {
                let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
                (doubled(&key, '-', is_plain), 127)
            }
        };
        if name.len() > usize::from(limit) {
            return Err(KeyError::TooLong { limit });
        }
        // The other programs get it as `--name=NAME`.
        let is_argument = !matches!(self.kind, ReadyMadeKind::AzureKeyVault { .. });
        if is_argument && name.starts_with('-') {
            return Err(KeyError::LooksLikeAnOption);
        }
        Ok(name)
    }
}

/// What the name of every variable with a secret begins with. No file can change it, so
/// that no file reads a variable that is not meant to be read.
pub const SECRET_VARIABLE: &str = "STEERSMAN_SECRET_";

/// The variable that a key of an `env` store stands for. It has no lower-case letters.
pub fn secret_variable(prefix: &str, key: &str) -> Result<String, KeyError> {
    key_as_path(key)?;
    let is_plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    let key = doubled(&key.to_ascii_uppercase(), '_', is_plain);
    let gap = if prefix.is_empty() { "" } else { "_" };
    Ok(format!("{SECRET_VARIABLE}{prefix}{gap}{key}"))
}

/// Letters, digits and `/_.@-`, as Vault and AWS allow them; `=20` for a space.
fn escaped(key: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/_.@-".contains(c);
    let mut name = String::with_capacity(key.len());
    for character in key.chars() {
        if is_plain(character) {
            name.push(character);
        } else {
            push_bytes(&mut name, character, "=");
        }
    }
    name
}

/// Characters of two kinds: plain ones, and a mark. A mark stays single; two of them
/// begin the byte of another character.
fn doubled(key: &str, mark: char, is_plain: impl Fn(char) -> bool) -> String {
    let introduction = String::from_iter([mark, mark]);
    let mut name = String::with_capacity(key.len());
    let mut characters = key.chars().peekable();
    while let Some(character) = characters.next() {
        let is_single = character == mark && characters.peek().is_some_and(|next| is_plain(*next));
        if is_plain(character) || is_single {
            name.push(character);
        } else {
            push_bytes(&mut name, character, &introduction);
        }
    }
    name
}

/// A name of a variable of GitHub Actions, which knows no lower case.
fn variable(key: &str) -> Result<String, KeyError> {
    let is_plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    let mut name = doubled(&key.to_ascii_uppercase(), '_', is_plain);
    if let Some(first) = name.chars().next().filter(char::is_ascii_digit) {
        let rest = name.split_off(1);
        name.clear();
        push_bytes(&mut name, first, "__");
        name.push_str(&rest);
    }
    if name.starts_with("GITHUB_") {
        return Err(KeyError::Reserved);
    }
    Ok(name)
}

/// Labels of lower-case letters, digits and `-`, one for each part of the key. `z` is the
/// mark, so that each label begins and ends with a letter or a digit.
fn subdomain(key: &str) -> String {
    let labels = key.split('/').map(|part| {
        let last = part.chars().count().saturating_sub(1);
        let mut label = String::with_capacity(part.len());
        for (index, character) in part.chars().enumerate() {
            let is_inside = index > 0 && index < last;
            match character {
                'z' => label.push_str("zz"),
                'a'..='y' | '0'..='9' => label.push(character),
                '-' if is_inside => label.push('-'),
                other => push_bytes(&mut label, other, "z"),
            }
        }
        label
    });
    labels.collect::<Vec<_>>().join(".")
}

/// The bytes of a character, each as this mark and two digits.
fn push_bytes(name: &mut String, character: char, mark: &str) {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let is_upper = mark == "__" || mark == "=";
    let digit = |value: u8| {
        let digit = DIGITS.get(usize::from(value)).copied().unwrap_or('0');
        if is_upper {
            digit.to_ascii_uppercase()
        } else {
            digit
        }
    };
    for byte in character.encode_utf8(&mut [0; 4]).bytes() {
        name.push_str(mark);
        name.push(digit(byte >> 4));
        name.push(digit(byte & 15));
    }
}

#[cfg(test)]
#[path = "testing/entry_name.rs"]
mod tests;
