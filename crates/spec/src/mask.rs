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
    let plain = plain(key);
    KEYS.iter().any(|word| plain.contains(word))
}

/// A key without its notation.
fn plain(key: &str) -> String {
    key.chars()
        .filter(|character| character.is_alphanumeric())
        .collect::<String>()
        .to_lowercase()
}

/// Ends of keys behind which a secret is expected, where a text is and no mapping:
/// `token` is a key of the spec, too.
const TEXT_KEYS: [&str; 4] = ["token", "apikey", "accesskey", "authorization"];

/// Longer keys are none that a person has written.
const LONGEST_KEY: usize = 64;

/// What the lines below a key without a value are.
#[derive(Clone, Copy)]
struct Below {
    /// They belong to the key while they are indented deeper than it.
    depth: usize,
    /// The next one belongs to it in any case, as in JSON.
    next: bool,
}

/// A text without what looks like a secret, byte for byte as long.
pub(crate) fn masked(mut text: String) -> String {
    let mut secrets: Vec<Range<usize>> = Vec::new();
    let mut below: Option<Below> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        let indent = content.len() - content.trim_start().len();
        if let Some(Below { depth, next }) = below {
            if content.is_empty() || indent > depth || next {
                secrets.push(start + indent..start + content.len());
                start += line.len();
                below = Some(Below {
                    depth,
                    next: next && content.is_empty(),
                });
                continue;
            }
            below = None;
        }
        let values = values_of_secrets(content);
        if let Some(value) = values
            .iter()
            .find(|value| !is_variable(&content[(*value).clone()]))
        {
            let key = content[..value.start].trim_end().trim_end_matches(':');
            let is_quoted = key.trim_end().ends_with(['"', '\'']);
            match &content[value.clone()] {
                "|" | ">" | "|-" | ">-" | "|+" | ">+" => {
                    below = Some(Below {
                        depth: indent,
                        next: false,
                    });
                }
                "" => {
                    below = Some(Below {
                        depth: indent,
                        next: is_quoted,
                    });
                }
                _ => secrets.push(start + value.start..start + value.end),
            }
        } else if is_explicit_key(content) {
            below = Some(Below {
                depth: indent,
                next: true,
            });
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

/// The values of keys whose names suggest a secret, each up to the end of the line: of
/// YAML in any style, of JSON, and of assignments.
fn values_of_secrets(line: &str) -> Vec<Range<usize>> {
    line.match_indices([':', '='])
        .filter_map(|(sign, text)| {
            let after = line.get(sign + 1..)?;
            let is_spaced = after.is_empty() || after.starts_with([' ', '\t']);
            let before = line[..sign].trim_end();
            // So that no line costs more than its length.
            let longest = before.len().saturating_sub(LONGEST_KEY);
            let before = &before[before.ceil_char_boundary(longest)..];
            let word = before
                .rsplit(['{', '[', '(', ',', ';', '&', '?', ' ', '\t'])
                .next()?;
            let is_name =
                |character: char| character.is_alphanumeric() || "_-.\"'\\".contains(character);
            let is_value = match text {
                // Without white space it is no mapping of YAML, unless the key is quoted;
                // it is meant as one, unless it is a part of a name or a URL.
                ":" => is_spaced || word.ends_with(['"', '\'']) || word.chars().all(is_name),
                _ => word.chars().all(is_name) && !after.starts_with('='),
            };
            let value = sign + 1 + (after.len() - after.trim_start().len());
            let key = word.rsplit('-').next()?;
            let is_secret = names_a_secret(key) || is_text_of_secret(word, &line[value..]);
            (is_value && is_secret).then_some(value..line.len())
        })
        .collect()
}

/// Whether a key suggests a secret where a text follows it.
fn is_text_of_secret(key: &str, value: &str) -> bool {
    let plain = plain(key);
    // `Issuer token: the account holder creates it` is a sentence of a comment.
    // A line can have many keys, so only the beginning of its value is looked at.
    let beginning = &value[..value.floor_char_boundary(LONGEST_KEY)];
    let is_sentence = beginning.trim().contains([' ', '\t']) && !plain.ends_with("authorization");
    if plain == "teams" && beginning.contains("://") {
        // The address of a webhook, and no text about teams.
        return true;
    }
    !value.is_empty()
        && !is_sentence
        && !value.starts_with(['{', '[', '&', '#'])
        && TEXT_KEYS.iter().any(|word| plain.ends_with(word))
}

/// Whether a line is a key by itself, as in `? clientSecret`, that suggests a secret.
fn is_explicit_key(line: &str) -> bool {
    let key = line.trim_start().strip_prefix("? ");
    key.is_some_and(|key| !key.contains(':') && names_a_secret(key))
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
            (
                "# Issuer token: the holder creates it",
                "# Issuer token: the holder creates it",
            ),
            (
                "# Issuer token: abcdef123456",
                "# Issuer token: ************",
            ),
        ] {
            assert_eq!(masked(text.to_owned()), expected, "{text}");
            assert_eq!(masked(text.to_owned()).len(), text.len());
        }
    }

    #[test]
    fn security_s10_a_secret_is_masked_in_every_style_of_writing() {
        for (before, after) in [
            ("{\"clientId\":\"a\",\"clientSecret\":", ",\"x\":1}"),
            ("{\"clientSecret\" : ", "}"),
            ("{'client_secret':", "}"),
            ("[{\"a\":1},{\"CLIENT-SECRET\":", "}]"),
            ("text: \"{\\\"clientSecret\\\":", "}\""),
            ("{\"clientSecret\":\n", ""),
            ("{\"clientSecret\" :\n", ""),
            ("{\n\"clientSecret\":\n\n", ",\n\"x\":1}"),
            ("? clientSecret\n: ", ""),
            ("SAIL_CLIENT_SECRET=", ""),
            ("export SAIL_CLIENT_SECRET = ", ""),
            ("run: [x, --client-secret=", "]"),
            ("tenant: {clientSecret:", "}"),
            ("tenant: {clientSecret: ${X}, password: ", "}"),
            ("a: https://example.com/x?access_token=", ""),
            ("{\"token\":", "}"),
            ("access_token: ", ""),
            ("Authorization: Bearer ", ""),
            ("X-API-Key: ", ""),
            ("secret:", ""),
        ] {
            for secret in ["hunter2-hunter2", "\"hunter2-hunter2\""] {
                let text = format!("{before}{secret}{after}\n");
                let shown = masked(text.clone());
                assert!(!shown.contains("hunter2"), "{text}{shown}");
                assert_eq!(shown.len(), text.len());
                assert_eq!(shown.lines().count(), text.lines().count());
            }
        }
        for text in [
            "defaults: {token: {expires: 90d}}",
            "defaults:\n  token:\n    expires: 90d",
            "tokens: [{name: report, scopes: [sp:report:read]}]",
            "id: arn:aws:secretsmanager:eu-central-1:1:secret:steersman",
            "put: [sh, -c, \"vault kv put secret/x\"]",
            "https://example.com/secret:8080/x",
            "deliver: {store: prod, key: \"{account}/{token}\"}",
        ] {
            assert_eq!(masked(text.to_owned()), text);
        }
    }

    #[test]
    fn security_s10_a_line_costs_no_more_than_its_length() {
        for sign in [":", "=", "é:", "\":"] {
            let line = sign.repeat(1 << 17);
            assert_eq!(masked(line.clone()).len(), line.len());
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
