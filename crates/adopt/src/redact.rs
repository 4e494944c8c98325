//! Redacts words that may be secrets from text that comes from the tenant.

/// Whether a word of a text may be a secret.
pub(crate) fn may_be_secret(text: &str) -> bool {
    text.split_whitespace()
        .any(|word| without_secrets(word) != word)
}

/// The word without what may be a secret: an access token, and any run of letters
/// and digits that is longer than names usually are. Names come from the tenant,
/// and people paste secrets into them.
pub(crate) fn without_secrets(word: &str) -> String {
    /// ISC's ids have 32 digits, its secrets 64.
    const LONGEST: usize = 40;
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
            // Nothing of it is shown: some characters less to guess are some too many.
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
    fn secrets_are_redacted() {
        let hex = "0123456789abcdef".repeat(4);
        for (word, expected) in [
            ("svc-backup", "svc-backup"),
            (
                "0123456789abcdef0123456789abcdef",
                "0123456789abcdef0123456789abcdef",
            ),
            (&format!("({hex}):é"), "(…):é"),
            ("x=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln", "…"),
        ] {
            assert_eq!(without_secrets(word), expected);
        }
    }
}
