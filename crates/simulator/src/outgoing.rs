//! Sends an answer: its head and body, and what goes wrong on its way.

use std::borrow::Cow;
use std::io;
use std::time::Duration;

use axum::body::{Body as HttpBody, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use futures::{StreamExt as _, stream};
use jiff::Timestamp;

use crate::api::Payload;
use crate::connection_handle::ConnectionHandle;
use crate::engine::{Reply, Transport};

/// An answer with all that is sent of it.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(Cow<'static, str>, String)>,
    pub(crate) body: Bytes,
    pub(crate) transport: Transport,
    pub(crate) slow_by_milliseconds: u64,
    /// The time of the tenant.
    pub(crate) time: Timestamp,
}

impl Outgoing {
    /// A reply of this time.
    pub(crate) fn of(reply: Reply, time: Timestamp) -> Self {
        let Reply {
            answer,
            transport,
            slow_by_milliseconds,
        } = reply;
        let (media_type, body) = match answer.payload {
            Payload::Empty => (None, Bytes::new()),
            Payload::Json(value) => (Some(JSON), Bytes::from(value.to_string())),
            Payload::Text { media_type, text } => {
                (Some(media_type), Bytes::from(text.into_owned()))
            }
        };
        let media_type = media_type.map(|kind| ("content-type", kind.to_owned()));
        Self {
            status: answer.status,
            headers: media_type
                .into_iter()
                .chain(answer.headers)
                .map(|(name, value)| (Cow::Borrowed(name), value))
                .collect(),
            body,
            transport,
            slow_by_milliseconds,
            time,
        }
    }
}

/// The media type of most answers.
pub(crate) const JSON: &str = "application/json";

/// The response, after the time that it is slow by.
pub(crate) async fn response(outgoing: Outgoing, connection: &ConnectionHandle) -> Response {
    let Outgoing {
        status,
        headers,
        body,
        transport,
        slow_by_milliseconds,
        time,
    } = outgoing;
    if slow_by_milliseconds > 0 {
        tokio::time::sleep(Duration::from_millis(slow_by_milliseconds)).await;
    }
    let mut builder = Response::builder()
        .status(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    for (name, value) in headers {
        builder = builder.header(name.as_ref(), value);
    }
    let body = match transport {
        Transport::Reset => {
            connection.reset();
            HttpBody::from(body)
        }
        Transport::Truncated => {
            builder = builder.header(header::CONTENT_LENGTH, body.len());
            half(&body)
        }
        Transport::Whole => HttpBody::from(body),
    };
    let mut response = builder.body(body).unwrap_or_else(|_| unanswerable());
    // Whoever looks at an answer can see that it is none of a tenant's.
    response.headers_mut().insert(
        header::SERVER,
        HeaderValue::from_static("steersman-simulator (nothing here is real)"),
    );
    // Callers that reckon with the server's time are to see the simulator's.
    if let Ok(date) = HeaderValue::from_str(&time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
    {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

/// The first half of a body, and then the end of the connection.
fn half(body: &Bytes) -> HttpBody {
    let half = body.slice(..body.len() / 2);
    let end = async {
        // The first half has to be on its way before the connection breaks off.
        tokio::time::sleep(Duration::from_millis(20)).await;
        Err(io::Error::new(
            io::ErrorKind::ConnectionAborted,
            "a fault was asked for",
        ))
    };
    HttpBody::from_stream(stream::once(async { Ok(half) }).chain(stream::once(end)))
}

fn unanswerable() -> Response {
    let mut response = Response::new(HttpBody::from("the answer could not be made"));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
