//! JSON text without hidden characters: they are escaped within its strings.

use super::pass::{Notation, pass};
use serde::Serialize;

/// A value as indented JSON. Hidden characters, and what a CI system would obey,
/// are escaped, so the gate leaves the text as it is, and a reader of the JSON
/// gets the same value.
///
/// # Errors
/// A value that cannot be serialized.
pub fn json_text(value: &(impl Serialize + ?Sized)) -> Result<String, serde_json::Error> {
    let text = serde_json::to_string_pretty(value)?;
    // Outside of its strings the text has only characters that pass.
    Ok(pass(&text, Notation::Json, false).into_owned())
}

/// The same on one line.
///
/// # Errors
/// A value that cannot be serialized.
pub(crate) fn json_line(value: &(impl Serialize + ?Sized)) -> Result<String, serde_json::Error> {
    let text = serde_json::to_string(value)?;
    Ok(pass(&text, Notation::Json, false).into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::gate;
    use super::json_text;
    use serde_json::{Value, json};

    #[test]
    fn security_m4_json_is_escaped_and_means_the_same() {
        let value = json!({
            "a\u{202e}b\u{e0041}": ["::x\n::y\u{7f}", "##[group]", "##vso[x]", "section_end:1:x"],
        });
        let text = json_text(&value).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        assert_eq!(gate(&text), text);
        assert!(text.contains("\\u202e") && text.contains("\\udb40\\udc41"));
    }
}
