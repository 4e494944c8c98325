//! Parser for secret documents, which a person may have written by hand.

use super::DocumentError;
use super::lines::{self, Lines};
use jiff::Timestamp;
use model::{Credential, PreviousSecret, SecretDocument};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;
use serde_json::value::RawValue;

/// What some editors put before the text.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Reads a document. Only `clientId` and `clientSecret` are required; unknown
/// fields are ignored.
pub(crate) fn read(text: &[u8]) -> Result<SecretDocument, DocumentError> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    if text.trim_ascii().is_empty() {
        return Err(DocumentError::Empty);
    }
    if !text.trim_ascii_start().starts_with(b"{")
        && let Ok(text) = std::str::from_utf8(text)
        && let Some(lines) = lines::read(text)?
    {
        return of_lines(lines);
    }
    let written = parse(text)?;
    let credential = Credential {
        client_id: required("clientId", written.client_id)?.as_str().into(),
        client_secret: SecretString::from(
            required("clientSecret", written.client_secret)?.as_str(),
        ),
    };
    document(credential, &written)
}

/// The document of a form of lines. What it is of, is in a comment as JSON.
fn of_lines(lines: Lines<'_>) -> Result<SecretDocument, DocumentError> {
    let Lines {
        facts,
        values: [base_url, client_id, client_secret],
    } = lines;
    let has = |value: Option<Zeroizing<String>>, field| {
        value
            .filter(|value| !value.is_empty())
            .ok_or(DocumentError::Missing { field })
    };
    let credential = Credential {
        client_id: has(client_id, "clientId")?.as_str().into(),
        client_secret: SecretString::from(has(client_secret, "clientSecret")?.as_str()),
    };
    let facts = parse(facts.unwrap_or("{}").as_bytes())?;
    let mut document = document(credential, &facts)?;
    document.base_url = base_url.map(|text| text.to_string());
    Ok(document)
}

fn document(
    credential: Credential,
    written: &Written<'_>,
) -> Result<SecretDocument, DocumentError> {
    let Written {
        base_url,
        client_id: _,
        client_secret: _,
        account,
        identity,
        token,
        scopes,
        created,
        expires,
        replaces,
        rotation,
        previous,
        // It says how long the secret of a token before is kept.
        until: _,
    } = *written;
    Ok(SecretDocument {
        credential,
        base_url: string("baseUrl", base_url)?.map(|text| text.to_string()),
        account: string("account", account)?.map(|text| text.as_str().into()),
        identity: string("identity", identity)?.map(|text| text.as_str().into()),
        token: string("token", token)?.map(|text| text.as_str().into()),
        scopes: value::<Vec<String>>("scopes", "a list of strings", scopes)?
            .unwrap_or_default()
            .into_iter()
            .map(Into::into)
            .collect(),
        created: time("created", created)?,
        expires: time("expires", expires)?,
        replaces: string("replaces", replaces)?.map(|text| text.as_str().into()),
        rotation: value("rotation", "a number from 0 to 4294967295", rotation)?.unwrap_or_default(),
        previous: previous.and_then(kept).map(Box::new),
    })
}

/// The secret that a document keeps of the token before. What a person wrote there is a
/// field like any other that is not known.
fn kept(text: &RawValue) -> Option<PreviousSecret> {
    let written = parse(text.get().as_bytes()).ok()?;
    let credential = Credential {
        client_id: required("clientId", written.client_id)
            .ok()?
            .as_str()
            .into(),
        client_secret: SecretString::from(
            required("clientSecret", written.client_secret)
                .ok()?
                .as_str(),
        ),
    };
    let until = time("until", written.until).ok()??;
    let of_previous = Written {
        previous: None,
        ..written
    };
    Some(document(credential, &of_previous).ok()?.kept_until(until))
}

/// The fields of a document, each as the JSON text of its value. Nothing of the
/// secret is copied, and each value is checked with the name of its field.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    #[serde(borrow, default)]
    base_url: Option<&'a RawValue>,
    #[serde(borrow, default)]
    client_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    client_secret: Option<&'a RawValue>,
    #[serde(borrow, default)]
    account: Option<&'a RawValue>,
    #[serde(borrow, default)]
    identity: Option<&'a RawValue>,
    #[serde(borrow, default)]
    token: Option<&'a RawValue>,
    #[serde(borrow, default)]
    scopes: Option<&'a RawValue>,
    #[serde(borrow, default)]
    created: Option<&'a RawValue>,
    #[serde(borrow, default)]
    expires: Option<&'a RawValue>,
    #[serde(borrow, default)]
    replaces: Option<&'a RawValue>,
    #[serde(borrow, default)]
    rotation: Option<&'a RawValue>,
    #[serde(borrow, default)]
    previous: Option<&'a RawValue>,
    #[serde(borrow, default)]
    until: Option<&'a RawValue>,
}

/// The names of the fields, for errors.
const FIELDS: [&str; 13] = [
    "baseUrl",
    "clientId",
    "clientSecret",
    "account",
    "identity",
    "token",
    "scopes",
    "created",
    "expires",
    "replaces",
    "rotation",
    "previous",
    "until",
];

/// Parses the JSON object. The messages of `serde_json` can repeat the text, so
/// only the place of an error is taken from them, or the name of a known field.
fn parse(text: &[u8]) -> Result<Written<'_>, DocumentError> {
    if !text.trim_ascii_start().starts_with(b"{") {
        serde_json::from_slice::<IgnoredAny>(text).map_err(|error| syntax(&error))?;
        return Err(DocumentError::NotAnObject);
    }
    serde_json::from_slice(text).map_err(|error| match error.classify() {
        // Any value fits a field, so the names of the fields are the only other error.
        Category::Data => duplicate(&error).unwrap_or(DocumentError::NotAnObject),
        Category::Syntax | Category::Eof | Category::Io => syntax(&error),
    })
}

fn syntax(error: &serde_json::Error) -> DocumentError {
    DocumentError::Syntax {
        line: error.line(),
        column: error.column(),
    }
}

/// The field that a derived decoder found twice.
fn duplicate(error: &serde_json::Error) -> Option<DocumentError> {
    let message = error.to_string();
    let named = message.strip_prefix("duplicate field `")?;
    FIELDS
        .into_iter()
        .find(|field| {
            named
                .strip_prefix(field)
                .is_some_and(|rest| rest.starts_with('`'))
        })
        .map(|field| DocumentError::Duplicate { field })
}

fn required(
    field: &'static str,
    written: Option<&RawValue>,
) -> Result<Zeroizing<String>, DocumentError> {
    let text = string(field, written)?.ok_or(DocumentError::Missing { field })?;
    if text.is_empty() {
        return Err(DocumentError::Unfit {
            field,
            expected: "a string that is not empty",
        });
    }
    Ok(text)
}

fn string(
    field: &'static str,
    written: Option<&RawValue>,
) -> Result<Option<Zeroizing<String>>, DocumentError> {
    Ok(value::<String>(field, "a string", written)?.map(Zeroizing::new))
}

fn time(
    field: &'static str,
    written: Option<&RawValue>,
) -> Result<Option<Timestamp>, DocumentError> {
    let Some(text) = string(field, written)? else {
        return Ok(None);
    };
    text.parse().map(Some).map_err(|_| DocumentError::Unfit {
        field,
        expected: "a time such as 2026-11-24T20:00:00Z",
    })
}

/// The value of a field; none where it is absent or null.
fn value<T: DeserializeOwned>(
    field: &'static str,
    expected: &'static str,
    written: Option<&RawValue>,
) -> Result<Option<T>, DocumentError> {
    let Some(written) = written else {
        return Ok(None);
    };
    serde_json::from_str(written.get()).map_err(|_| DocumentError::Unfit { field, expected })
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::document::DocumentError::{
        self, Duplicate, Empty, Missing, NotAnObject, Syntax, Unfit,
    };
    use secrecy::ExposeSecret;

    const SECRET: &str = "s3cr3t-0f-audit01";

    #[test]
    fn documents_made_by_hand_are_read() {
        for text in [
            r#"{"clientId":"2f9c","clientSecret":"s3cr3t-0f-audit01"}"#,
            "\u{feff}{\"clientSecret\": \"s3cr3t-0f-audit01\",\r\n \"clientId\": \"2f9c\"}\r\n",
            r#"{"clientId":"2f9c","clientSecret":"s3cr3t-0f-audit01","note":{"clientSecret":["x"]},"expires":null}"#,
            r#"{"clientId":"2f9c","clientSecret":"s3cr3t\u002d0f-audit01","scopes":[]}"#,
        ] {
            let document = read(text.as_bytes()).unwrap();
            assert_eq!(document.credential.client_id.as_str(), "2f9c", "{text}");
            assert_eq!(document.credential.client_secret.expose_secret(), SECRET);
            assert_eq!(document.base_url, None);
            assert_eq!(document.expires, None);
            assert!(document.scopes.is_empty());
        }
    }

    #[test]
    fn a_bad_document_is_refused_without_its_content() {
        let unfit = |field, expected| Unfit { field, expected };
        let cases: &[(&str, DocumentError)] = &[
            ("", Empty),
            (" \n", Empty),
            ("s3cr3t-0f-audit01", Syntax { line: 1, column: 1 }),
            (r#""s3cr3t-0f-audit01""#, NotAnObject),
            (r#"["s3cr3t-0f-audit01"]"#, NotAnObject),
            (
                "{\"clientId\":\"2f9c\",\n\"clientSecret\":\"s3cr3t-0f-audit01",
                Syntax {
                    line: 2,
                    column: 33,
                },
            ),
            (
                r#"{"clientSecret":"s3cr3t-0f-audit01"}"#,
                Missing { field: "clientId" },
            ),
            (
                r#"{"clientId":"2f9c","secret":"s3cr3t-0f-audit01"}"#,
                Missing {
                    field: "clientSecret",
                },
            ),
            (
                r#"{"clientId":"2f9c","clientSecret":""}"#,
                unfit("clientSecret", "a string that is not empty"),
            ),
            (
                r#"{"clientId":"2f9c","clientSecret":["s3cr3t-0f-audit01"]}"#,
                unfit("clientSecret", "a string"),
            ),
            (
                r#"{"clientId":{"s3cr3t-0f-audit01":1},"clientSecret":"x"}"#,
                unfit("clientId", "a string"),
            ),
            (
                r#"{"clientId":"2f9c","clientSecret":"s3cr3t-0f-audit01","clientSecret":"x"}"#,
                Duplicate {
                    field: "clientSecret",
                },
            ),
            (
                r#"{"clientId":"2f9c","clientSecret":"s3cr3t-0f-audit01"} {}"#,
                Syntax {
                    line: 1,
                    column: 56,
                },
            ),
            (
                r#"{"clientId":"2f9c","clientSecret":"x","expires":"s3cr3t-0f-audit01"}"#,
                unfit("expires", "a time such as 2026-11-24T20:00:00Z"),
            ),
            (
                r#"{"clientId":"2f9c","clientSecret":"x","scopes":"s3cr3t-0f-audit01"}"#,
                unfit("scopes", "a list of strings"),
            ),
            (
                r#"{"clientId":"2f9c","clientSecret":"x","scopes":["s3cr3t-0f-audit01",1]}"#,
                unfit("scopes", "a list of strings"),
            ),
        ];
        for (text, expected) in cases {
            let error = read(text.as_bytes()).unwrap_err();
            assert_eq!(&error, expected, "{text}");
            assert!(!format!("{error} {error:?}").contains("s3cr3t"), "{error}");
        }
    }
}
