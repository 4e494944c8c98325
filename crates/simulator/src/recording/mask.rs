//! Masks secrets in what is recorded by the names of their fields; what was masked is known from then on.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::secrets::{Known, MASKED, is_secret, is_secret_parameter};

/// Masks the secrets of a JSON value where they are.
pub(super) fn mask(value: &mut Value, known: &mut Known) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| mask(item, known)),
        Value::Object(fields) => {
            mask_pair(fields, known);
            for (name, field) in fields {
                if is_secret(name) {
                    mask_all(field, known);
                } else {
                    mask(field, known);
                }
            }
        }
        // JSON in a text, or a part of it.
        Value::String(text) if text.contains('"') => *text = masked_text(text, known),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// An operation of JSON Patch names its field in a path, other pairs do so by a name or a key; the
/// secret is the value beside it.
fn mask_pair(fields: &mut Map<String, Value>, known: &mut Known) {
    let names_a_secret = ["path", "name", "key"].iter().any(|field| {
        fields
            .get(*field)
            .and_then(Value::as_str)
            .is_some_and(|path| path.split('/').any(is_secret))
    });
    if names_a_secret && let Some(value) = fields.get_mut("value") {
        mask_all(value, known);
    }
}

/// Masks every text and number in a value.
fn mask_all(value: &mut Value, known: &mut Known) {
    match value {
        Value::String(text) => *text = known.masked_by_name(text),
        Value::Number(_) => *value = Value::from(MASKED),
        Value::Array(items) => items.iter_mut().for_each(|item| mask_all(item, known)),
        Value::Object(fields) => fields.values_mut().for_each(|field| mask_all(field, known)),
        Value::Null | Value::Bool(_) => {}
    }
}

/// Masks the secrets in a text that looks like JSON and is not: what a fault or an error has cut.
pub(super) fn masked_text(text: &str, known: &mut Known) -> String {
    let mut masked_so_far = String::with_capacity(text.len());
    let mut rest = text;
    let mut value_is_secret = false;
    while let Some(begin) = rest.find('"') {
        let (between, quoted) = rest.split_at(begin);
        let quoted = &quoted[1..];
        let end = end_of_string(quoted);
        let content = &quoted[..end];
        // A value follows its name and a colon.
        let is_value = value_is_secret && between.trim() == ":";
        masked_so_far.push_str(between);
        masked_so_far.push('"');
        masked_so_far.push_str(&if is_value {
            known.masked_by_name(content)
        } else {
            content.to_owned()
        });
        value_is_secret = !is_value && is_secret(content);
        rest = &quoted[end..];
        if let Some(after) = rest.strip_prefix('"') {
            masked_so_far.push('"');
            rest = after;
        }
    }
    masked_so_far.push_str(rest);
    masked_so_far
}

/// Where a string of JSON ends: at its quotation mark, or with the text.
fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index,
            _ => {}
        }
    }
    text.len()
}

/// An address with the secrets of its query masked.
pub(super) fn masked_address(address: &str, known: &mut Known) -> String {
    let Some((path, query)) = address.split_once('?') else {
        return address.to_owned();
    };
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, value)) if is_secret_parameter(name) => {
                known.learn(value);
                format!("{name}={MASKED}")
            }
            _ => pair.to_owned(),
        })
        .collect();
    format!("{path}?{}", pairs.join("&"))
}

/// The value of a header `Authorization`: its scheme stays.
pub(super) fn masked_authorization(value: &str, known: &mut Known) -> String {
    let Some((scheme, credentials)) = value.split_once(' ') else {
        known.learn(value);
        return MASKED.to_owned();
    };
    let credentials = credentials.trim();
    let pair = STANDARD
        .decode(credentials)
        .ok()
        .and_then(|pair| String::from_utf8(pair).ok());
    match pair.as_deref().and_then(|pair| pair.split_once(':')) {
        Some((_, secret)) => known.learn(secret),
        None => known.learn(credentials),
    }
    format!("{scheme} {MASKED}")
}

/// Masks what is known in the names and the texts of a JSON value.
pub(super) fn mask_known(value: &mut Value, known: &Known) {
    match value {
        Value::String(text) => known.mask(text),
        Value::Array(items) => items.iter_mut().for_each(|item| mask_known(item, known)),
        Value::Object(fields) => {
            *fields = std::mem::take(fields)
                .into_iter()
                .map(|(mut name, mut field)| {
                    known.mask(&mut name);
                    mask_known(&mut field, known);
                    (name, field)
                })
                .collect();
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn secrets_are_masked_by_the_names_of_their_fields() {
        let mut value = json!({
            "id": "t1", "secret": "hush", "clientSecret": "hush", "client_secret": "hush",
            "connectorAttributes": {"adminPassword": {"of": ["hush", 7]}, "host": "h"},
            "secretExpires": "never", "password": null, "hasSecret": true, "apiToken": "hush",
            "pairs": [{"key": "apiToken", "value": "hush"}, {"name": "password", "type": "string"}],
            "text": "{\"api_token\": \"hush\"}",
            "operations": [{"op": "add", "path": "/connectorAttributes/password", "value": "hush"},
                {"op": "add", "path": "/name", "value": "seen"}],
        });
        let mut known = Known::default();
        mask(&mut value, &mut known);
        assert!(!value.to_string().contains("hush"), "{value}");
        assert_eq!(value["connectorAttributes"]["host"], "h");
        assert_eq!(value["secretExpires"], "never");
        assert_eq!(value["password"], Value::Null);
        assert_eq!(value["hasSecret"], true);
        assert_eq!(value["operations"][1]["value"], "seen");
    }

    #[test]
    fn secrets_are_masked_in_what_is_cut() {
        for (text, expected) in [
            (
                r#"{"id":"x","secret":"hu\"sh","name":"n"}<!--"#,
                r#"{"id":"x","secret":"masked","name":"n"}<!--"#,
            ),
            (r#"{"secret": "hu"#, r#"{"secret": "masked"#),
            (
                r#"{"secret": null, "a": "b"}"#,
                r#"{"secret": null, "a": "b"}"#,
            ),
            ("no quotes", "no quotes"),
            ("\"", "\""),
        ] {
            assert_eq!(masked_text(text, &mut Known::default()), expected);
        }
    }

    #[test]
    fn secrets_are_masked_in_addresses_and_headers() {
        let mut known = Known::default();
        assert_eq!(
            masked_address("http://127.0.0.1/back?code=hush&state=s", &mut known),
            "http://127.0.0.1/back?code=masked&state=s"
        );
        let basic = format!("Basic {}", STANDARD.encode("jane:hush-of-jane"));
        assert_eq!(masked_authorization(&basic, &mut known), "Basic masked");
        assert_eq!(masked_authorization("hush", &mut known), "masked");
        let mut value = json!({"hush-of-jane": ["x hush-of-jane"], "other": 7});
        mask_known(&mut value, &known);
        assert_eq!(value, json!({"masked": ["x masked"], "other": 7}));
    }
}
