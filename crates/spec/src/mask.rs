//! Redacts possible secrets in the texts of files that diagnostics show.
//!
//! The check for secrets sees only values that could be read. A file with invalid
//! YAML, or with a secret under a misspelled key, is shown too, so its text is
//! redacted before it is parsed. Every byte of a secret becomes an asterisk, so
//! that spans and line numbers stay valid.

use std::ops::Range;

/// Parts of a key behind which a secret is expected.
const KEYS: [&str; 6] = [
    "secret",
    "password",
    "passphrase",
    "privatekey",
    "slack",
    "webhook",
];

/// Whether a key says that its value is a secret.
pub(crate) fn names_a_secret(key: &str) -> bool {
    let plain: String = key
        .chars()
        .filter(|character| character.is_alphanumeric())
        .collect::<String>()
        .to_lowercase();
    KEYS.iter().any(|word| plain.contains(word))
}

/// A text without what looks like a secret, byte for byte as long.
pub(crate) fn masked(mut text: String) -> String {
    let mut secrets: Vec<Range<usize>> = Vec::new();
    // Lines below a key without a value belong to it while they are indented
    // deeper than it.
    let mut below: Option<usize> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        let indent = content.len() - content.trim_start().len();
        if let Some(depth) = below {
            if content.is_empty() || indent > depth {
                secrets.push(start + indent..start + content.len());
                start += line.len();
                continue;
            }
            below = None;
        }
        if let Some(value) = value_of_secret(content) {
            if matches!(
                &content[value.clone()],
                "" | "|" | ">" | "|-" | ">-" | "|+" | ">+"
            ) {
                below = Some(indent);
            } else if !is_variable(&content[value.clone()]) {
                secrets.push(start + value.start..start + value.end);
            }
        }
        secrets.extend(words(content).map(|word| start + word.start..start + word.end));
        start += line.len();
    }
    for range in secrets {
        let stars = "*".repeat(range.len());
        text.replace_range(range, &stars);
    }
    text
}

/// The value of a key whose name suggests a secret.
fn value_of_secret(line: &str) -> Option<Range<usize>> {
    line.match_indices(':')
        .map(|(colon, _)| colon)
        .find_map(|colon| {
            let after = line.get(colon + 1..)?;
            if !(after.is_empty() || after.starts_with([' ', '\t'])) {
                return None;
            }
            let key = line[..colon].rsplit(['{', ',', ' ', '\t', '-']).next()?;
            let value = colon + 1 + (after.len() - after.trim_start().len());
            names_a_secret(key).then_some(value..line.len())
        })
}

/// Whether a value only names a variable.
fn is_variable(value: &str) -> bool {
    let name = value.trim_start_matches(['"', '\'']).strip_prefix("${");
    name.and_then(|rest| rest.split_once('}'))
        .is_some_and(|(name, _)| !name.contains(":-"))
}

/// Words that are secrets by their looks alone: many hexadecimal digits, keys of
/// age, web tokens.
fn words(line: &str) -> impl Iterator<Item = Range<usize>> {
    let is_word = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    let mut start = 0;
    line.split(move |character: char| !is_word(character))
        .map(move |word| {
            let range = start..start + word.len();
            // One separator follows each word; its length is found below.
            start = range.end + line[range.end..].chars().next().map_or(0, char::len_utf8);
            (word, range)
        })
        .filter(|(word, _)| {
            let hexadecimal = word.len() >= 40 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
            let web_token = word.starts_with("eyJ") && word.matches('.').count() == 2;
            hexadecimal || web_token || word.starts_with("AGE-SECRET-KEY-1")
        })
        .map(|(_, range)| range)
        .collect::<Vec<_>>()
        .into_iter()
}

#[cfg(test)]
mod tests {
    use super::masked;

    const HEX: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[test]
    fn secrets_are_masked_byte_for_byte() {
        for (text, expected) in [
            ("clientSecret: hunter2\n", "clientSecret: *******\n"),
            (
                "  client_secret: \"hunter2\r\n",
                "  client_secret: ********\r\n",
            ),
            (
                "tenant: {clientSecret: ab, x: y}\n",
                "tenant: {clientSecret: *********\n",
            ),
            (
                "clientSecret: ${SAIL_CLIENT_SECRET}\n",
                "clientSecret: ${SAIL_CLIENT_SECRET}\n",
            ),
            ("clientSecret: \"${X}\"", "clientSecret: \"${X}\""),
            ("clientSecret: ${X:-hunter2}", "clientSecret: *************"),
            (
                "clientSecret:\n  hünter2\nx: y",
                "clientSecret:\n  ********\nx: y",
            ),
            (
                "clientSecret: |\n  a\n\n  b\nx: y",
                "clientSecret: |\n  *\n\n  *\nx: y",
            ),
            ("Password: p: q", "Password: ****"),
            (
                "stores: {local: {directory: .steersman/secrets}}",
                "stores: {local: {directory: .steersman/secrets}}",
            ),
            (
                "put: [vault, -mount=secret, \"{key}\"]",
                "put: [vault, -mount=secret, \"{key}\"]",
            ),
            ("purpose: rotate secrets", "purpose: rotate secrets"),
        ] {
            assert_eq!(masked(text.to_owned()), expected, "{text}");
            assert_eq!(masked(text.to_owned()).len(), text.len());
        }
    }

    #[test]
    fn words_that_are_secrets_are_masked_anywhere() {
        for secret in [HEX, "eyJhbGciOi.eyJzdWIi.c2ln", "AGE-SECRET-KEY-1QQQ"] {
            let text = format!("ä: [x, {secret} ] # {secret}");
            let shown = masked(text.clone());
            assert!(!shown.contains(secret), "{shown}");
            assert_eq!(shown.len(), text.len());
        }
        let plain = "id: 2c9180867b50d088017b554662fb281e";
        assert_eq!(masked(plain.to_owned()), plain);
    }
}
