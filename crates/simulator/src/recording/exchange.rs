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
use crate::routing::{TOKEN_PATH, form_decoded};

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
    pub(crate) fn of(request: &Request, taken: Taken) -> Self {
        let mut query = form_decoded(&request.query);
        mask_pairs(&mut query);
        let headers = HEADERS
            .iter()
            .filter_map(|name| {
                let value = String::from_utf8_lossy(request.headers.get(name)?.as_bytes());
                let value = if *name == header::AUTHORIZATION {
                    mask::masked_authorization(&value)
                } else {
                    value.into_owned()
                };
                Some((name.to_string(), value))
            })
            .collect();
        Self {
            method: request.method.clone(),
            path: request.path.clone(),
            query,
            headers,
            body: match taken {
                Taken::Whole => body(&request.path, &request.headers, &request.body),
                Taken::HeadOnly => RecordedBody::Unread,
            },
        }
    }
}

fn body(path: &str, headers: &HeaderMap, body: &Body) -> RecordedBody {
    if let Some(parts) = &body.form {
        let mut parts: Vec<_> = parts
            .iter()
            .map(|part| {
                let text = std::str::from_utf8(&part.bytes)
                    .map_or_else(|_| STANDARD.encode(&part.bytes), str::to_owned);
                (part.name.clone(), text)
            })
            .collect();
        mask_pairs(&mut parts);
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
        mask_pairs(&mut fields);
        if path == TOKEN_PATH {
            // What is no form, such as JSON, is one name with all of it.
            mask_what_is_no_form(&mut fields);
        }
        fields.sort();
        return RecordedBody::Form(fields);
    }
    match serde_json::from_str::<Value>(&text) {
        Ok(mut value) => {
            mask::mask(&mut value);
            RecordedBody::Json(value)
        }
        Err(_) => RecordedBody::Text(mask::masked_text(&text)),
    }
}

/// Masks a token request of which a name is none of a form's.
fn mask_what_is_no_form(pairs: &mut [(String, String)]) {
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
        *name = mask::masked(name);
        *value = mask::masked(value);
    }
}

fn mask_pairs(pairs: &mut [(String, String)]) {
    for (name, value) in pairs {
        if mask::is_secret_parameter(name) {
            *value = mask::masked(value);
        }
    }
}

impl RecordedAnswer {
    /// The answer without its secrets.
    pub(super) fn of(reply: &Reply, time: Timestamp) -> Self {
        let Reply {
            answer,
            transport,
            slow_by_milliseconds,
        } = reply;
        let mut headers: Vec<(String, String)> = answer
            .headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), mask::masked_address(value)))
            .collect();
        let body = match &answer.payload {
            Payload::Empty => RecordedBody::Empty,
            Payload::Json(value) => {
                let mut value = value.clone();
                mask::mask(&mut value);
                RecordedBody::Json(value)
            }
            Payload::Text { media_type, text } => {
                headers.push(("content-type".to_owned(), (*media_type).to_owned()));
                RecordedBody::Text(mask::masked_text(text))
            }
        };
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
            let recorded = body(TOKEN_PATH, &HeaderMap::new(), &given);
            let written = serde_json::to_string(&recorded).unwrap();
            for part in ["s3cr3t", "with", "signs"] {
                assert!(!written.contains(part), "{written}");
            }
        }
    }
}
