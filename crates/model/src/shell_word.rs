//! A text as one word of a shell: commands that texts name are copied into one.

/// The text as one word of a shell, such as a name that has spaces.
pub fn shell_quoted(text: &str) -> String {
    let plain =
        |character: char| character.is_ascii_alphanumeric() || "-_./@:+".contains(character);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::shell_quoted;

    #[test]
    fn words_are_quoted_for_a_shell() {
        for (text, expected) in [
            ("audit01", "audit01"),
            (".steersman/x.json", ".steersman/x.json"),
            ("a b", "'a b'"),
            ("it's", "'it'\\''s'"),
            ("", "''"),
        ] {
            assert_eq!(shell_quoted(text), expected);
        }
    }
}
