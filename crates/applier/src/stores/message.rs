//! Standard error of a program as one clean line: secrets redacted, cut to length.

use model::Redactor;

/// The longest message, in characters.
const LONGEST: usize = 400;

/// The text in one line, without secrets and control characters, and cut.
///
/// `whole` is whether the text is all that the program wrote, because a part of a
/// secret at its end could not be recognized.
pub(super) fn message(text: &[u8], whole: bool, redactor: &Redactor) -> String {
    let text = if whole {
        redactor.redact_bytes(text).into_owned()
    } else {
        redactor.redact_beginning(text)
    };
    let text = String::from_utf8_lossy(&text).replace(char::is_control, " ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, message};
    use model::Redactor;

    fn clean(text: &[u8], whole: bool) -> String {
        let redactor = Redactor::default();
        redactor.learn(&"s3cr3t".into());
        message(text, whole, &redactor)
    }

    #[test]
    fn the_text_becomes_one_clean_line() {
        for (text, expected) in [
            ("", ""),
            ("no such mount\n", "no such mount"),
            ("a\r\n\tb\u{1b}[31mc", "a b [31mc"),
            ("got s3cr3t and s3cr3t", "got [secret] and [secret]"),
            ("in base64: czNjcjN0\n", "in base64: [secret]"),
        ] {
            assert_eq!(clean(text.as_bytes(), true), expected);
        }
        assert_eq!(clean(b"\xff\xfe!", true), "\u{fffd}\u{fffd}!");
    }

    #[test]
    fn it_is_cut_by_characters_after_secrets_are_gone() {
        let text = "é".repeat(LONGEST + 1);
        assert_eq!(
            clean(text.as_bytes(), true),
            format!("{}…", "é".repeat(LONGEST))
        );
        let text = format!("{}s3cr3t", "é".repeat(LONGEST - 3));
        assert!(!clean(text.as_bytes(), true).contains("s3c"));
    }

    #[test]
    fn a_secret_that_is_cut_off_is_not_seen_either() {
        let cut = clean(b"this is the beginning of the secret: s3cr3", false);
        assert!(!cut.contains("s3c"), "{cut}");
    }
}
