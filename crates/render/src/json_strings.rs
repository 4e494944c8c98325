//! Redacts a JSON text string by string, so that no key or value goes with another.

use crate::error::RenderError;
use crate::gate::json_text;
use model::Redactor;
use std::borrow::Cow;

/// A JSON text in which each string is redacted by itself.
///
/// # Errors
/// A string that is none of JSON.
pub fn redact_json<'t>(text: &'t str, redactor: &Redactor) -> Result<Cow<'t, str>, RenderError> {
    let error = |source| RenderError::Json {
        what: "the text without secrets",
        source,
    };
    let mut clean = String::new();
    let mut copied = 0;
    for literal in literals(text) {
        let quoted = &text[literal.clone()];
        let value: Cow<'_, str> = if quoted.contains('\\') {
            Cow::Owned(serde_json::from_str(quoted).map_err(error)?)
        } else {
            Cow::Borrowed(quoted.trim_matches('"'))
        };
        if let Cow::Owned(redacted) = redactor.redact(&value) {
            clean.push_str(&text[copied..literal.start]);
            clean.push_str(&json_text(&redacted).map_err(error)?);
            copied = literal.end;
        }
    }
    if copied == 0 {
        return Ok(Cow::Borrowed(text));
    }
    clean.push_str(&text[copied..]);
    Ok(Cow::Owned(clean))
}

/// Where the strings of a JSON text are, with their quotes.
fn literals(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes.get(at..)?.iter().position(|byte| *byte == b'"')?;
        let mut end = start + 1;
        while let Some(byte) = bytes.get(end) {
            match byte {
                b'"' => break,
                b'\\' => end += 2,
                _ => end += 1,
            }
        }
        at = bytes.len().min(end + 1);
        Some(start..at)
    })
}

#[cfg(test)]
mod tests {
    use super::redact_json;
    use model::Redactor;
    use serde_json::{Value, json};

    #[test]
    fn security_m6_a_string_of_json_is_redacted_by_itself() {
        let redactor = Redactor::default();
        redactor.learn(&"x\",\"b\":\"y".into());
        redactor.learn(&"secret-of-a-token".into());
        let value = json!({
            "a": "x", "b": "y", "secret-of-a-token": ["é\n\"secret-of-a-token\u{202e}", 1],
            "c": "secret-\nof-a-token", "d": "\\",
        });
        let text = crate::json_text(&value).unwrap();
        let clean = redact_json(&text, &redactor).unwrap();
        let expected = json!({
            "a": "x", "b": "y", "[secret]": ["é\n\"[secret]\u{202e}", 1],
            "c": "[secret]", "d": "\\",
        });
        assert_eq!(serde_json::from_str::<Value>(&clean).unwrap(), expected);
        let text = crate::json_text(&json!({"a": "x\\", "b": ["y", ""]})).unwrap();
        assert_eq!(redact_json(&text, &redactor).unwrap(), text);
    }
}
