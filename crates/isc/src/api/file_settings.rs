//! Connector attributes of a delimited-file source that decide how it reads a file.

use model::FileSettings;
use serde_json::Value;

/// Reads the settings. What is absent has ISC's default.
pub(super) fn of(attributes: &Value) -> FileSettings {
    let usual = FileSettings::default();
    let text = |name: &str| match attributes.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is_set) => Some(is_set.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    let filled = |name: &str| text(name).filter(|text| !text.trim().is_empty());
    let is = |name: &str, word: &str| {
        text(name).is_some_and(|text| text.trim().eq_ignore_ascii_case(word))
    };
    FileSettings {
        delimiter: text("delimiter")
            .filter(|text| !text.is_empty())
            .map_or(usual.delimiter, |text| unescaped(&text)),
        // An empty text switches comments off.
        comment: match text("commentCharacter") {
            None => usual.comment,
            Some(text) => Some(unescaped(&text)).filter(|text| !text.is_empty()),
        },
        lines_to_skip: filled("linesToSkip").filter(|lines| lines.trim() != "0"),
        filter: filled("filterString"),
        encoding: filled("fileEncoding").filter(|name| {
            let name = name.trim();
            !name.eq_ignore_ascii_case("UTF-8") && !name.eq_ignore_ascii_case("UTF8")
        }),
        merged_by: filled("indexColumn")
            .filter(|column| is("mergeRows", "true") && column.trim() != "id"),
        no_header: is("hasHeader", "false"),
        keeps_missing: is("checkDeletedDisabled", "true"),
    }
}

/// A text with a character that is written by its code: `\u0009` and `\t` are a tab.
fn unescaped(text: &str) -> String {
    let code = match text.strip_prefix("\\u") {
        Some(digits) if digits.len() == 4 => u32::from_str_radix(digits, 16).ok(),
        Some(_) | None => None,
    };
    match (text, code.and_then(char::from_u32)) {
        ("\\t", _) => "\t".to_owned(),
        (_, Some(character)) => character.to_string(),
        (_, None) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tenants_04_settings_are_read_in_all_their_forms() {
        assert_eq!(of(&Value::Null), FileSettings::default());
        let usual = json!({
            "delimiter": ",", "fileEncoding": "utf-8", "filterString": " ", "linesToSkip": 0,
            "mergeRows": true, "indexColumn": "id", "hasHeader": true,
            "checkDeletedDisabled": "false", "group.delimiter": ";",
        });
        assert_eq!(of(&usual), FileSettings::default());
        let odd = json!({
            "delimiter": "\\u0009", "fileEncoding": "ISO-8859-1", "filterString": "x == 1",
            "linesToSkip": "2", "commentCharacter": "", "mergeRows": "true",
            "indexColumn": "e-mail", "hasHeader": "false", "checkDeletedDisabled": true,
        });
        let expected = FileSettings {
            delimiter: "\t".to_owned(),
            comment: None,
            lines_to_skip: Some("2".to_owned()),
            filter: Some("x == 1".to_owned()),
            encoding: Some("ISO-8859-1".to_owned()),
            merged_by: Some("e-mail".to_owned()),
            no_header: true,
            keeps_missing: true,
        };
        assert_eq!(of(&odd), expected);
        for (written, read) in [("\\t", "\t"), ("\\u003b", ";"), (";", ";"), ("||", "||")] {
            assert_eq!(of(&json!({ "delimiter": written })).delimiter, read);
        }
    }
}
