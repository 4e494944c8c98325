//! Reading a secret document, which a person may have written by hand.

use super::DocumentError;
use jiff::Timestamp;
use model::{Credential, SecretDocument};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use std::collections::BTreeMap;
use std::fmt;

/// What some editors put before the text.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Reads a document. Only `clientId` and `clientSecret` have to be there; fields
/// that are not known are passed over.
pub(crate) fn read(text: &[u8]) -> Result<SecretDocument, DocumentError> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    if text.trim_ascii().is_empty() {
        return Err(DocumentError::Empty);
    }
    let mut fields = fields(text)?;
    let credential = Credential {
        client_id: fields.required("clientId")?.as_str().into(),
        client_secret: SecretString::from(fields.required("clientSecret")?.as_str()),
    };
    Ok(SecretDocument {
        credential,
        base_url: fields.text("baseUrl")?.map(|text| text.to_string()),
        account: fields.text("account")?.map(|text| text.as_str().into()),
        identity: fields.text("identity")?.map(|text| text.as_str().into()),
        token: fields.text("token")?.map(|text| text.as_str().into()),
        scopes: fields
            .texts("scopes")?
            .iter()
            .map(|scope| scope.as_str().into())
            .collect(),
        created: fields.time("created")?,
        expires: fields.time("expires")?,
    })
}

/// The fields that are known.
const KNOWN: [&str; 9] = [
    "baseUrl",
    "clientId",
    "clientSecret",
    "account",
    "identity",
    "token",
    "scopes",
    "created",
    "expires",
];

/// `serde_json`'s own messages repeat what stands in the text, so of its errors
/// only the place is taken, and what a field holds is judged here.
fn fields(text: &[u8]) -> Result<Fields, DocumentError> {
    let mut json = serde_json::Deserializer::from_slice(text);
    let fields = Fields::deserialize(&mut json)
        .and_then(|fields| json.end().map(|()| fields))
        .map_err(|error| match error.classify() {
            Category::Data => DocumentError::NotAnObject,
            Category::Syntax | Category::Eof | Category::Io => DocumentError::Syntax {
                line: error.line(),
                column: error.column(),
            },
        })?;
    match fields.twice {
        Some(field) => Err(DocumentError::Duplicate { field }),
        None => Ok(fields),
    }
}

/// What stands in the text under the known names.
#[derive(Default)]
struct Fields {
    values: BTreeMap<&'static str, Value>,
    twice: Option<&'static str>,
}

/// A value, as far as a document can use it.
enum Value {
    Null,
    Text(Zeroizing<String>),
    Texts(Vec<Zeroizing<String>>),
    Other,
}

impl Fields {
    fn required(&mut self, field: &'static str) -> Result<Zeroizing<String>, DocumentError> {
        let text = self.text(field)?.ok_or(DocumentError::Missing { field })?;
        if text.is_empty() {
            return Err(DocumentError::Unfit {
                field,
                expected: "a text that is not empty",
            });
        }
        Ok(text)
    }

    fn text(&mut self, field: &'static str) -> Result<Option<Zeroizing<String>>, DocumentError> {
        match self.values.remove(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Texts(_) | Value::Other) => Err(DocumentError::Unfit {
                field,
                expected: "a text",
            }),
        }
    }

    fn texts(&mut self, field: &'static str) -> Result<Vec<Zeroizing<String>>, DocumentError> {
        match self.values.remove(field) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Texts(texts)) => Ok(texts),
            Some(Value::Text(_) | Value::Other) => Err(DocumentError::Unfit {
                field,
                expected: "a list of texts",
            }),
        }
    }

    fn time(&mut self, field: &'static str) -> Result<Option<Timestamp>, DocumentError> {
        self.text(field)?
            .map(|text| {
                text.parse().map_err(|_| DocumentError::Unfit {
                    field,
                    expected: "a time such as 2026-11-24T20:00:00Z",
                })
            })
            .transpose()
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Fields;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Fields, M::Error> {
                let mut fields = Fields::default();
                while let Some(name) = map.next_key::<String>()? {
                    match KNOWN.into_iter().find(|known| *known == name.as_str()) {
                        Some(field) => {
                            let value = map.next_value()?;
                            if fields.values.insert(field, value).is_some() {
                                fields.twice.get_or_insert(field);
                            }
                        }
                        None => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(fields)
            }
        }

        deserializer.deserialize_map(Object)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Value;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a value")
            }

            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Null)
            }

            fn visit_bool<E>(self, _: bool) -> Result<Value, E> {
                Ok(Value::Other)
            }

            fn visit_i64<E>(self, _: i64) -> Result<Value, E> {
                Ok(Value::Other)
            }

            fn visit_u64<E>(self, _: u64) -> Result<Value, E> {
                Ok(Value::Other)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Value, E> {
                Ok(Value::Other)
            }

            fn visit_str<E>(self, text: &str) -> Result<Value, E> {
                Ok(Value::Text(Zeroizing::new(text.to_owned())))
            }

            fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<Value, S::Error> {
                let mut texts = Some(Vec::new());
                while let Some(value) = list.next_element()? {
                    match (value, &mut texts) {
                        (Value::Text(text), Some(texts)) => texts.push(text),
                        _ => texts = None,
                    }
                }
                Ok(texts.map_or(Value::Other, Value::Texts))
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Value, M::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Value::Other)
            }
        }

        deserializer.deserialize_any(Any)
    }
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
                unfit("clientSecret", "a text that is not empty"),
            ),
            (
                r#"{"clientId":"2f9c","clientSecret":["s3cr3t-0f-audit01"]}"#,
                unfit("clientSecret", "a text"),
            ),
            (
                r#"{"clientId":{"s3cr3t-0f-audit01":1},"clientSecret":"x"}"#,
                unfit("clientId", "a text"),
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
                unfit("scopes", "a list of texts"),
            ),
            (
                r#"{"clientId":"2f9c","clientSecret":"x","scopes":["s3cr3t-0f-audit01",1]}"#,
                unfit("scopes", "a list of texts"),
            ),
        ];
        for (text, expected) in cases {
            let error = read(text.as_bytes()).unwrap_err();
            assert_eq!(&error, expected, "{text}");
            assert!(!format!("{error} {error:?}").contains("s3cr3t"), "{error}");
        }
    }
}
