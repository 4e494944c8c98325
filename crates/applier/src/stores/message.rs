//! Standard error of a program as one clean line: secrets redacted, cut to length.

/// The longest message, in characters.
const LONGEST: usize = 400;

/// Replaces a secret.
const HIDDEN: &[u8] = b"[secret]";

/// The text in one line, without secrets and control characters, and cut.
///
/// `secrets` are the bytes to redact; `whole` is whether the text is all that the
/// program wrote, because a part of a secret at its end could not be recognized.
pub(super) fn message(text: &[u8], whole: bool, secrets: &[&[u8]]) -> String {
    let mut text = text.to_vec();
    let secrets = || secrets.iter().filter(|secret| !secret.is_empty());
    for secret in secrets() {
        text = without(&text, secret);
    }
    if !whole {
        let longest = secrets().map(|secret| secret.len()).max().unwrap_or(0);
        text.truncate(text.len().saturating_sub(longest));
    }
    let text = String::from_utf8_lossy(&text).replace(char::is_control, " ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn without(text: &[u8], secret: &[u8]) -> Vec<u8> {
    let mut rest = text;
    let mut clean = Vec::with_capacity(text.len());
    while let Some((first, others)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(secret) {
            clean.extend_from_slice(HIDDEN);
            rest = after;
        } else {
            clean.push(*first);
            rest = others;
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, message};

    #[test]
    fn the_text_becomes_one_clean_line() {
        for (text, expected) in [
            ("", ""),
            ("no such mount\n", "no such mount"),
            ("a\r\n\tb\u{1b}[31mc", "a b [31mc"),
            ("got s3cr3t and s3cr3t", "got [secret] and [secret]"),
            ("s3cr3s3cr3t", "s3cr3[secret]"),
        ] {
            assert_eq!(message(text.as_bytes(), true, &[b"s3cr3t", b""]), expected);
        }
        assert_eq!(message(b"\xff\xfe!", true, &[]), "\u{fffd}\u{fffd}!");
    }

    #[test]
    fn it_is_cut_by_characters_after_secrets_are_gone() {
        let text = "é".repeat(LONGEST + 1);
        let cut = message(text.as_bytes(), true, &[]);
        assert_eq!(cut, format!("{}…", "é".repeat(LONGEST)));

        let text = format!("{}s3cr3t", "é".repeat(LONGEST - 3));
        assert!(!message(text.as_bytes(), true, &[b"s3cr3t"]).contains("s3c"));
    }

    #[test]
    fn a_secret_that_is_cut_off_is_not_seen_either() {
        assert_eq!(
            message(b"the secret is s3cr3", false, &[b"s3cr3t"]),
            "the secret is"
        );
    }
}
