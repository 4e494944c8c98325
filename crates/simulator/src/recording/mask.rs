//! Masks secrets in what is recorded: by the name of the field, and the signatures of access tokens.

use serde_json::{Map, Value};

/// What stands where a secret was.
pub(super) const MASKED: &str = "masked";

/// Whether a field, a parameter or a part of a form has a secret by its name.
pub(super) fn is_secret(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    matches!(
        plain.as_str(),
        "accesstoken"
            | "refreshtoken"
            | "idtoken"
            | "assertion"
            | "clientassertion"
            | "codeverifier"
            | "apikey"
            | "privatekey"
    ) || ["secret", "secrets", "password", "passwords", "passphrase"]
        .iter()
        .any(|end| plain.ends_with(end))
}

/// Whether a parameter of a query or of a form has a secret: those of signing in have other names.
pub(super) fn is_secret_parameter(name: &str) -> bool {
    is_secret(name) || matches!(name, "code" | "token")
}

/// A text in the place of a secret. What an access token says about its owner stays, because
/// clients read it; without its signature it opens nothing.
pub(super) fn masked(secret: &str) -> String {
    let parts: Vec<&str> = secret.split('.').collect();
    match parts.as_slice() {
        [] | [""] => String::new(),
        [head, claims, _] if head.starts_with("ey") && claims.starts_with("ey") => {
            format!("{head}.{claims}.{MASKED}")
        }
        _ => MASKED.to_owned(),
    }
}

/// Masks the secrets of a JSON value where they are.
pub(super) fn mask(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(mask),
        Value::Object(fields) => {
            mask_operation(fields);
            for (name, field) in fields {
                if is_secret(name) {
                    mask_all(field);
                } else {
                    mask(field);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// An operation of JSON Patch names its field in a path, and has the secret as its value.
fn mask_operation(fields: &mut Map<String, Value>) {
    let names_a_secret = fields
        .get("path")
        .and_then(Value::as_str)
        .is_some_and(|path| path.split('/').any(is_secret));
    if names_a_secret && let Some(value) = fields.get_mut("value") {
        mask_all(value);
    }
}

/// Masks every text and number in a value.
fn mask_all(value: &mut Value) {
    match value {
        Value::String(text) => *text = masked(text),
        Value::Number(_) => *value = Value::from(MASKED),
        Value::Array(items) => items.iter_mut().for_each(mask_all),
        Value::Object(fields) => fields.values_mut().for_each(mask_all),
        Value::Null | Value::Bool(_) => {}
    }
}

/// Masks the secrets in a text that looks like JSON and is not: what a fault or an error has cut.
pub(super) fn masked_text(text: &str) -> String {
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
            masked(content)
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
pub(super) fn masked_address(address: &str) -> String {
    let Some((path, query)) = address.split_once('?') else {
        return address.to_owned();
    };
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if is_secret_parameter(name) => format!("{name}={MASKED}"),
            _ => pair.to_owned(),
        })
        .collect();
    format!("{path}?{}", pairs.join("&"))
}

/// The value of a header `Authorization`: its scheme stays.
pub(super) fn masked_authorization(value: &str) -> String {
    match value.split_once(' ') {
        Some((scheme, _)) => format!("{scheme} {MASKED}"),
        None => MASKED.to_owned(),
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
            "secretExpires": "never", "password": null, "hasSecret": true,
            "operations": [{"op": "add", "path": "/connectorAttributes/password", "value": "hush"},
                {"op": "add", "path": "/name", "value": "seen"}],
        });
        mask(&mut value);
        assert!(!value.to_string().contains("hush"), "{value}");
        assert_eq!(value["connectorAttributes"]["host"], "h");
        assert_eq!(value["secretExpires"], "never");
        assert_eq!(value["password"], Value::Null);
        assert_eq!(value["hasSecret"], true);
        assert_eq!(value["operations"][1]["value"], "seen");
    }

    #[test]
    fn an_access_token_keeps_what_it_says_and_loses_its_signature() {
        assert_eq!(masked("eyJh.eyJp.c2ln"), "eyJh.eyJp.masked");
        assert_eq!(masked("a.b.c"), "masked");
        assert_eq!(masked(""), "");
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
            assert_eq!(masked_text(text), expected);
        }
    }

    #[test]
    fn secrets_are_masked_in_addresses_and_headers() {
        assert_eq!(
            masked_address("http://127.0.0.1/back?code=hush&state=s"),
            "http://127.0.0.1/back?code=masked&state=s"
        );
        assert_eq!(masked_authorization("Basic aHVzaA=="), "Basic masked");
        assert_eq!(masked_authorization("hush"), "masked");
    }
}
