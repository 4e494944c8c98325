//! A request and its answer as a recording has them: a line of JSON, without secrets.

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::mask;
use crate::api::{Body, Payload};
use crate::engine::{Reply, Request, Transport};
use crate::outgoing::JSON;
use crate::routing::{TOKEN_PATH, form_decoded};
use crate::secrets::{self, Known, is_secret, is_secret_parameter};

/// JSON that is nested more deeply is recorded as a text: readers of JSON end at 128, and a line
/// adds some levels.
const MOST_LEVELS: usize = 100;

/// Headers of requests that are recorded, to be read; they do not count in a replay.
const HEADERS: [header::HeaderName; 3] = [
    header::CONTENT_TYPE,
    header::AUTHORIZATION,
    header::HeaderName::from_static("x-sailpoint-experimental"),
];

/// A request with its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exchange {
    pub(super) request: RecordedRequest,
    pub(super) answer: RecordedAnswer,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordedRequest {
    pub(crate) method: String,
    pub(crate) path: String,
    /// The parameters, decoded, in the order of the request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) query: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "RecordedBody::is_empty")]
    pub(crate) body: RecordedBody,
}

/// An answer, and what goes wrong on its way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RecordedAnswer {
    /// The time of the tenant, for the header `Date`.
    pub(crate) time: Timestamp,
    pub(crate) status: u16,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "RecordedBody::is_empty")]
    pub(crate) body: RecordedBody,
    #[serde(default, skip_serializing_if = "is_whole")]
    pub(crate) transport: Transport,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) slow_by_milliseconds: u64,
}

/// A body, so that what means the same is the same: JSON by value, forms by their fields.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum RecordedBody {
    #[default]
    Empty,
    /// The request was refused before its body was read.
    Unread,
    Json(Value),
    /// The fields of `application/x-www-form-urlencoded`, by name.
    Form(Vec<(String, String)>),
    /// The parts of `multipart/form-data`, in their order; what is no text is in base64.
    Parts(Vec<(String, String)>),
    Text(String),
}

impl RecordedBody {
    fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// Masks what is known, and gives the body the form in which it can be read again.
    fn settled(self, known: &Known) -> Self {
        match self {
            Self::Empty => Self::Empty,
            Self::Unread => Self::Unread,
            Self::Json(mut value) => {
                mask::mask_known(&mut value, known);
                if is_deep(&value, MOST_LEVELS) {
                    value.sort_all_objects();
                    Self::Text(value.to_string())
                } else {
                    Self::Json(value)
                }
            }
            Self::Form(mut fields) => {
                mask_known_pairs(&mut fields, known);
                fields.sort();
                Self::Form(fields)
            }
            Self::Parts(mut parts) => {
                mask_known_pairs(&mut parts, known);
                Self::Parts(parts)
            }
            Self::Text(mut text) => {
                known.mask(&mut text);
                Self::Text(text)
            }
        }
    }
}

/// Whether a value has more levels than this.
fn is_deep(value: &Value, levels: usize) -> bool {
    let Some(inner) = levels.checked_sub(1) else {
        return value.is_array() || value.is_object();
    };
    match value {
        Value::Array(items) => items.iter().any(|item| is_deep(item, inner)),
        Value::Object(fields) => fields.values().any(|field| is_deep(field, inner)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_whole(transport: &Transport) -> bool {
    *transport == Transport::Whole
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Whether the body of a request was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It was: all of it counts.
    Whole,
    /// The answer did not depend on it.
    HeadOnly,
}

impl RecordedRequest {
    /// The request without its secrets.
    pub(crate) fn of(request: &Request, taken: Taken, known: &mut Known) -> Self {
        // All names are looked at before the first value: what a field shows to be a secret is one
        // in the path, too.
        let mut query = form_decoded(&request.query);
        mask_pairs(&mut query, known);
        let mut headers: Vec<(String, String)> = HEADERS
            .iter()
            .filter_map(|name| {
                let value = String::from_utf8_lossy(request.headers.get(name)?.as_bytes());
                let value = if *name == header::AUTHORIZATION {
                    mask::masked_authorization(&value, known)
                } else {
                    value.into_owned()
                };
                Some((name.to_string(), value))
            })
            .collect();
        let body = match taken {
            Taken::Whole => body(&request.path, &request.headers, &request.body, known),
            Taken::HeadOnly => RecordedBody::Unread,
        };
        let (mut method, mut path) = (request.method.clone(), request.path.clone());
        known.mask(&mut method);
        known.mask(&mut path);
        mask_known_pairs(&mut query, known);
        mask_known_pairs(&mut headers, known);
        Self {
            method,
            path,
            query,
            headers,
            body: body.settled(known),
        }
    }
}

fn body(path: &str, headers: &HeaderMap, body: &Body, known: &mut Known) -> RecordedBody {
    if let Some(parts) = &body.form {
        let mut parts: Vec<_> = parts
            .iter()
            .map(|part| {
                let text = match std::str::from_utf8(&part.bytes) {
                    Ok(text) if is_secret(&part.name) => text.to_owned(),
                    Ok(text) => {
                        learn_columns(text, known);
                        mask::masked_text(text, known)
                    }
                    Err(_) => STANDARD.encode(&part.bytes),
                };
                (part.name.clone(), text)
            })
            .collect();
        mask_pairs(&mut parts, known);
        return RecordedBody::Parts(parts);
    }
    if body.bytes.is_empty() {
        return RecordedBody::Empty;
    }
    let kind = headers
        .get(header::CONTENT_TYPE)
        .map(|kind| String::from_utf8_lossy(kind.as_bytes()).to_ascii_lowercase())
        .unwrap_or_default();
    let text = String::from_utf8_lossy(&body.bytes);
    // The token endpoint takes every body as a form.
    if path == TOKEN_PATH || kind.starts_with("application/x-www-form-urlencoded") {
        let mut fields = form_decoded(&text);
        mask_pairs(&mut fields, known);
        if path == TOKEN_PATH {
            // What is no form, such as JSON, is one name with all of it.
            mask_what_is_no_form(&mut fields, known);
        }
        return RecordedBody::Form(fields);
    }
    match serde_json::from_str::<Value>(&text) {
        Ok(mut value) => {
            mask::mask(&mut value, known);
            RecordedBody::Json(value)
        }
        Err(_) => RecordedBody::Text(mask::masked_text(&text, known)),
    }
}

/// Remembers the cells of a table whose columns show that they are secrets.
fn learn_columns(text: &str, known: &mut Known) {
    let mut rows = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let columns: Vec<usize> = match rows.headers() {
        Ok(names) => (0..names.len())
            .filter(|column| names.get(*column).is_some_and(is_secret))
            .collect(),
        Err(_) => return,
    };
    if columns.is_empty() {
        return;
    }
    for row in rows.records().map_while(Result::ok) {
        for cell in columns.iter().filter_map(|column| row.get(*column)) {
            known.learn(cell);
        }
    }
}

/// Masks a token request of which a name is none of a form's.
fn mask_what_is_no_form(pairs: &mut [(String, String)], known: &mut Known) {
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || "_-.".contains(character))
    };
    if pairs.iter().all(|(name, _)| is_name(name)) {
        return;
    }
    for (name, value) in pairs {
        *name = secrets::masked(name);
        *value = known.masked_by_name(value);
    }
}

fn mask_pairs(pairs: &mut [(String, String)], known: &mut Known) {
    for (name, value) in pairs {
        if is_secret_parameter(name) {
            *value = known.masked_by_name(value);
        }
    }
}

fn mask_known_pairs(pairs: &mut [(String, String)], known: &Known) {
    for (name, value) in pairs {
        known.mask(name);
        known.mask(value);
    }
}

impl RecordedAnswer {
    /// The answer without its secrets.
    pub(super) fn of(reply: &Reply, time: Timestamp, known: &mut Known) -> Self {
        let Reply {
            answer,
            transport,
            slow_by_milliseconds,
        } = reply;
        let mut headers: Vec<(String, String)> = answer
            .headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), mask::masked_address(value, known)))
            .collect();
        let body = match &answer.payload {
            Payload::Empty => RecordedBody::Empty,
            Payload::Json(value) => {
                let mut value = value.clone();
                mask::mask(&mut value, known);
                RecordedBody::Json(value)
            }
            Payload::Text { media_type, text } => {
                headers.push(("content-type".to_owned(), (*media_type).to_owned()));
                RecordedBody::Text(mask::masked_text(text, known))
            }
        };
        mask_known_pairs(&mut headers, known);
        let is_json = matches!(body, RecordedBody::Json(_));
        let body = body.settled(known);
        if is_json && matches!(body, RecordedBody::Text(_)) {
            headers.push(("content-type".to_owned(), JSON.to_owned()));
        }
        Self {
            time,
            status: answer.status,
            headers,
            body,
            transport: *transport,
            slow_by_milliseconds: *slow_by_milliseconds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_request_that_is_no_form_is_masked_whole() {
        let secret = "s3cr3t=with&signs";
        for text in [
            format!(r#"{{"grant_type":"client_credentials","client_secret":"{secret}"}}"#),
            format!("client_secret: {secret}"),
        ] {
            let given = Body {
                bytes: text.into_bytes().into(),
                ..Body::default()
            };
            let recorded = body(TOKEN_PATH, &HeaderMap::new(), &given, &mut Known::default());
            let written = serde_json::to_string(&recorded).unwrap();
            for part in ["s3cr3t", "with", "signs"] {
                assert!(!written.contains(part), "{written}");
            }
        }
    }

    #[test]
    fn a_deep_body_is_recorded_so_that_it_can_be_read_again() {
        for levels in [1, 99, 100, 101, 120, 200] {
            let text = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
            let given = Body {
                bytes: text.clone().into_bytes().into(),
                ..Body::default()
            };
            let known = &mut Known::default();
            let recorded = body("/x", &HeaderMap::new(), &given, known).settled(known);
            let is_text = matches!(&recorded, RecordedBody::Text(kept) if *kept == text);
            assert_eq!(is_text, levels > MOST_LEVELS, "{levels}");
            let line = serde_json::to_string(&Exchange {
                request: RecordedRequest {
                    method: "POST".into(),
                    path: "/x".into(),
                    query: Vec::new(),
                    headers: Vec::new(),
                    body: recorded.clone(),
                },
                answer: RecordedAnswer {
                    time: Timestamp::UNIX_EPOCH,
                    status: 200,
                    headers: Vec::new(),
                    body: recorded,
                    transport: Transport::Whole,
                    slow_by_milliseconds: 0,
                },
            });
            let read: Exchange = serde_json::from_str(&line.unwrap()).unwrap();
            assert!(matches!(read.request.body, RecordedBody::Json(_)) != is_text);
        }
    }

    #[test]
    fn cells_of_a_secret_column_are_known() {
        let known = &mut Known::default();
        learn_columns("id,adminPassword\n1,\"Welcome,1\"\n2\n", known);
        let mut text = "x Welcome,1".to_owned();
        known.mask(&mut text);
        assert_eq!(text, "x masked");
    }
}
