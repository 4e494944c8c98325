//! Every form that a program can print a secret in, made apart from the code under test.

/// The secret plain, escaped and encoded.
///
/// # Panics
/// Never: a text can always be written as JSON.
#[must_use]
pub fn forms(secret: &str) -> Vec<String> {
    let each = |form: fn(u8) -> String| secret.bytes().map(form).collect::<Vec<_>>().concat();
    let hex = each(|byte| format!("{byte:02x}"));
    let url = each(|byte| format!("%{byte:02x}"));
    let json = serde_json::to_string(secret).unwrap();
    let mut forms = vec![
        secret.to_owned(),
        json.trim_matches('"').to_owned(),
        hex.to_uppercase(),
        hex,
        url.to_uppercase(),
        url,
    ];
    for before in ["", "x", "xx"] {
        let text = base64(format!("{before}{secret}").as_bytes());
        // The characters that the secret alone decides.
        let begin = before.len() * 8_usize.div_ceil(6);
        let text = &text[begin..text.len() - 2];
        forms.push(text.to_owned());
        forms.push(text.replace('+', "-").replace('/', "_"));
    }
    forms
}

/// What of these secrets a text has, in any form, also where white space divides it.
#[must_use]
pub fn found<'s>(text: &str, secrets: &'s [String]) -> Vec<&'s str> {
    let joined: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let joined_escaped = joined.replace("\\n", "");
    secrets
        .iter()
        .filter(|secret| {
            forms(secret).iter().any(|form| {
                text.contains(form) || joined.contains(form) || joined_escaped.contains(form)
            })
        })
        .map(String::as_str)
        .collect()
}

fn base64(text: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for three in text.chunks(3) {
        let mut bytes = [0; 3];
        bytes[..three.len()].copy_from_slice(three);
        let word = bytes
            .iter()
            .fold(0, |word, byte| word << 8 | usize::from(*byte));
        for place in 0..=three.len() {
            encoded.push(char::from(ALPHABET[word >> (18 - 6 * place) & 63]));
        }
    }
    encoded
}

#[test]
fn the_search_finds_what_programs_print() {
    let secrets = ["s3cr3t/0f+audit01".to_owned()];
    for text in [
        "x s3cr3t/0f+audit01 y",
        "czNjcjN0LzBmK2F1ZGl0MDE=",
        "xczNjcjN0LzBm\nK2F1ZGl0MDE=",
        "733363723374 2f30662b61756469743031",
    ] {
        assert_eq!(found(text, &secrets).len(), 1, "{text}");
    }
    assert!(found("s3cr3t audit01", &secrets).is_empty());
}
