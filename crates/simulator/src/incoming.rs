//! Reads a request: its body in time, up to a limit and decompressed, and its form's parts.

use std::io::Read as _;
use std::time::Duration;

use axum::body::{Body as HttpBody, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request as HttpRequest};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use futures::StreamExt as _;
use tokio::time::Instant;

use crate::api::{Body, FormPart};
use crate::engine::Request;
use crate::errors::Refusal;

/// How long a body may take to come: as long, and no longer at this pace than it needs.
const PATIENCE: Patience = Patience {
    start: Duration::from_secs(30),
    bytes_a_second: 16 * 1024,
};
/// The same for a body that nobody wants.
const SHORT_PATIENCE: Patience = Patience {
    start: Duration::from_secs(2),
    bytes_a_second: 256 * 1024,
};
/// A body that is compressed may be so large in any case,
const UNPACKED: usize = 16 * 1024 * 1024;
/// and so many times as large as it came. Rows of accounts are about 10 times as large.
const MOST_TIMES: usize = 100;
/// A body that nobody wants is read nevertheless, if it is announced to be as small as this: a
/// connection with unread bytes is reset when it closes, and the answer could be lost with it.
const DRAINED: usize = 1024 * 1024;

/// How slowly a body may come.
#[derive(Debug, Clone, Copy)]
struct Patience {
    start: Duration,
    bytes_a_second: u64,
}

impl Patience {
    /// The time for a body of which so many bytes have come.
    fn with(self, bytes: usize) -> Duration {
        self.start + Duration::from_secs(bytes as u64 / self.bytes_a_second)
    }
}

/// Why a body cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("The body is larger than {limit} bytes, which is the limit of the simulator.")]
    TooLarge { limit: usize },
    #[error(
        "The body is larger than {limit} bytes without its compression, and more than {MOST_TIMES} times as large as it came; send it without gzip."
    )]
    Expands { limit: usize },
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
            Unreadable::TooLarge { .. } | Unreadable::Expands { .. } => Self::too_large(text),
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
    let came = whole(headers, body, limit, PATIENCE).await?;
    let bytes = uncompressed(headers, came, limit).await?;
    let form = match form_kind(headers) {
        Some(kind) => Some(parts(kind, bytes.clone()).await?),
        None => None,
    };
    Ok(Body { bytes, form })
}

/// Reads and forgets the body of a request that is refused by its head.
pub(crate) async fn drain(headers: &HeaderMap, body: HttpBody) {
    if announced(headers).is_some_and(|length| length <= DRAINED) {
        // The request is refused in any case.
        let _ = whole(headers, body, DRAINED, SHORT_PATIENCE).await;
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

async fn whole(
    headers: &HeaderMap,
    body: HttpBody,
    limit: usize,
    patience: Patience,
) -> Result<Bytes, Unreadable> {
    let announced = announced(headers);
    if announced.is_some_and(|length| length > limit) {
        return Err(Unreadable::TooLarge { limit });
    }
    let mut pieces = body.into_data_stream();
    let mut bytes = Vec::with_capacity(announced.unwrap_or(0).min(DRAINED));
    let begun = Instant::now();
    loop {
        // A byte now and then is no progress.
        let end = begun + patience.with(bytes.len());
        let piece = tokio::time::timeout_at(end, pieces.next())
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

async fn uncompressed(
    headers: &HeaderMap,
    bytes: Bytes,
    limit: usize,
) -> Result<Bytes, Unreadable> {
    let coding = match headers.get(header::CONTENT_ENCODING) {
        None => return Ok(bytes),
        Some(coding) => String::from_utf8_lossy(coding.as_bytes())
            .trim()
            .to_ascii_lowercase(),
    };
    match coding.as_str() {
        "" | "identity" => Ok(bytes),
        // Other requests go on meanwhile.
        "gzip" | "x-gzip" => tokio::task::spawn_blocking(move || unpacked(&bytes, limit))
            .await
            .unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic())),
        _ => Err(Unreadable::Coding(coding)),
    }
}

fn unpacked(bytes: &[u8], limit: usize) -> Result<Bytes, Unreadable> {
    let sane = bytes.len().saturating_mul(MOST_TIMES).max(UNPACKED);
    let most = limit.min(sane);
    let mut plain = Vec::new();
    // One byte more than is allowed tells a body that is too large from one that just fits.
    flate2::read::MultiGzDecoder::new(bytes)
        .take((most as u64).saturating_add(1))
        .read_to_end(&mut plain)
        .map_err(|_| Unreadable::Gzip)?;
    if plain.len() <= most {
        Ok(plain.into())
    } else if sane < limit {
        Err(Unreadable::Expands { limit: sane })
    } else {
        Err(Unreadable::TooLarge { limit })
    }
}

/// Whether the body is a form of parts, such as files.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    form_kind(headers).is_some()
}

fn form_kind(headers: &HeaderMap) -> Option<&header::HeaderValue> {
    const FORM: &[u8] = b"multipart/form-data";
    headers.get(header::CONTENT_TYPE).filter(|kind| {
        kind.as_bytes()
            .get(..FORM.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(FORM))
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn packed(plain: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_small_body_does_not_unpack_to_a_huge_one() {
        let fits = packed(&vec![b' '; UNPACKED]);
        assert_eq!(unpacked(&fits, usize::MAX).unwrap().len(), UNPACKED);
        let bomb = packed(&vec![b' '; UNPACKED + 1]);
        assert!(bomb.len() < UNPACKED / 100);
        let limit = UNPACKED;
        assert_eq!(
            unpacked(&bomb, usize::MAX),
            Err(Unreadable::Expands { limit })
        );
        assert_eq!(
            unpacked(&bomb, 1000),
            Err(Unreadable::TooLarge { limit: 1000 })
        );
    }

    /// A byte now and then kept a request going for ever.
    #[tokio::test]
    async fn fair_a_body_that_comes_byte_by_byte_ends_in_time() {
        let endless = futures::stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(b"x")), ()))
        });
        let patience = Patience {
            start: Duration::from_millis(20),
            bytes_a_second: 1_000_000,
        };
        let body = HttpBody::from_stream(endless);
        let read = whole(&HeaderMap::new(), body, usize::MAX, patience).await;
        assert_eq!(read.unwrap_err(), Unreadable::Slow);
    }

    #[test]
    fn fair_a_large_body_has_the_time_that_it_needs() {
        let megabyte = 1024 * 1024;
        assert_eq!(PATIENCE.with(0), Duration::from_secs(30));
        assert_eq!(PATIENCE.with(64 * megabyte), Duration::from_secs(30 + 4096));
        assert!(SHORT_PATIENCE.with(DRAINED) < Duration::from_secs(7));
    }
}
