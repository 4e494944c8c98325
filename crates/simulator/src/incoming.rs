//! Reads a request: its body in time, up to a limit and decompressed, and its form's parts.

use std::io::Read as _;
use std::time::Duration;

use axum::body::{Body as HttpBody, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request as HttpRequest};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use futures::StreamExt as _;

use crate::api::{Body, FormPart};
use crate::engine::Request;
use crate::errors::Refusal;

/// How long the next piece of a body may take to come.
const PATIENCE: Duration = Duration::from_secs(30);
/// A body that nobody wants is read nevertheless, if it is announced to be as small as this: a
/// connection with unread bytes is reset when it closes, and the answer could be lost with it.
const DRAINED: usize = 1024 * 1024;

/// Why a body cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("The body is larger than {limit} bytes, which is the limit of the simulator.")]
    TooLarge { limit: usize },
    #[error("The body did not come in time.")]
    Slow,
    #[error("The body ended before it was whole.")]
    Broken,
    #[error("The content coding {0:?} is not supported; send gzip, or none.")]
    Coding(String),
    #[error("The body is not well-formed gzip.")]
    Gzip,
    #[error("The form has no boundary: multipart/form-data needs one in its content type.")]
    NoBoundary,
    #[error("The form is not well-formed multipart/form-data.")]
    Form,
}

impl From<Unreadable> for Refusal {
    fn from(reason: Unreadable) -> Self {
        let text = reason.to_string();
        match reason {
            Unreadable::TooLarge { .. } => Self::too_large(text),
            Unreadable::Slow => Self::timeout(text),
            Unreadable::Coding(_) => Self::media_type(text),
            Unreadable::Broken | Unreadable::Gzip | Unreadable::NoBoundary | Unreadable::Form => {
                Self::bad_request(text)
            }
        }
    }
}

/// The request without its body.
pub(crate) fn head(parts: &Parts) -> Request {
    Request {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers.clone(),
        body: Body::default(),
    }
}

/// Reads the body of a request with this head.
pub(crate) async fn body(
    headers: &HeaderMap,
    body: HttpBody,
    limit: usize,
) -> Result<Body, Unreadable> {
    let bytes = uncompressed(headers, whole(headers, body, limit).await?, limit)?;
    let form = match headers.get(header::CONTENT_TYPE) {
        Some(kind) if is_form(kind.as_bytes()) => Some(parts(kind, bytes.clone()).await?),
        _ => None,
    };
    Ok(Body { bytes, form })
}

/// Reads and forgets the body of a request that is refused by its head.
pub(crate) async fn drain(headers: &HeaderMap, body: HttpBody) {
    if announced(headers).is_some_and(|length| length <= DRAINED) {
        // The request is refused in any case.
        let _ = whole(headers, body, DRAINED).await;
    }
}

fn announced(headers: &HeaderMap) -> Option<usize> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

async fn whole(headers: &HeaderMap, body: HttpBody, limit: usize) -> Result<Bytes, Unreadable> {
    let announced = announced(headers);
    if announced.is_some_and(|length| length > limit) {
        return Err(Unreadable::TooLarge { limit });
    }
    let mut pieces = body.into_data_stream();
    let mut bytes = Vec::with_capacity(announced.unwrap_or(0).min(DRAINED));
    loop {
        let piece = tokio::time::timeout(PATIENCE, pieces.next())
            .await
            .map_err(|_| Unreadable::Slow)?;
        match piece {
            None => return Ok(bytes.into()),
            Some(Err(_)) => return Err(Unreadable::Broken),
            Some(Ok(piece)) if bytes.len() + piece.len() > limit => {
                return Err(Unreadable::TooLarge { limit });
            }
            Some(Ok(piece)) => bytes.extend_from_slice(&piece),
        }
    }
}

fn uncompressed(headers: &HeaderMap, bytes: Bytes, limit: usize) -> Result<Bytes, Unreadable> {
    let coding = match headers.get(header::CONTENT_ENCODING) {
        None => return Ok(bytes),
        Some(coding) => String::from_utf8_lossy(coding.as_bytes())
            .trim()
            .to_ascii_lowercase(),
    };
    match coding.as_str() {
        "" | "identity" => Ok(bytes),
        "gzip" | "x-gzip" => {
            let mut plain = Vec::new();
            // One byte more than is allowed tells a body that is too large from one that just fits.
            let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
            flate2::read::MultiGzDecoder::new(bytes.as_ref())
                .take(most)
                .read_to_end(&mut plain)
                .map_err(|_| Unreadable::Gzip)?;
            if plain.len() > limit {
                return Err(Unreadable::TooLarge { limit });
            }
            Ok(plain.into())
        }
        _ => Err(Unreadable::Coding(coding)),
    }
}

fn is_form(kind: &[u8]) -> bool {
    const FORM: &[u8] = b"multipart/form-data";
    kind.get(..FORM.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(FORM))
}

async fn parts(kind: &header::HeaderValue, bytes: Bytes) -> Result<Vec<FormPart>, Unreadable> {
    let mut request = HttpRequest::new(HttpBody::from(bytes));
    request
        .headers_mut()
        .insert(header::CONTENT_TYPE, kind.clone());
    // The body has been measured already.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut multipart = Multipart::from_request(request, &())
        .await
        .map_err(|_| Unreadable::NoBoundary)?;
    let mut parts = Vec::new();
    while let Some(field) = multipart.next_field().await.map_err(|_| Unreadable::Form)? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|_| Unreadable::Form)?;
        parts.push(FormPart { name, bytes });
    }
    Ok(parts)
}
