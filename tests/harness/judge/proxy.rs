//! A reverse proxy on loopback that records the exchanges of a program under test.

use std::net::{Ipv4Addr, SocketAddr};

use axum::body::Body;
use axum::extract::State;
use axum::http::{Request as HttpRequest, Response as HttpResponse, StatusCode};

use super::exchange::{Exchange, Request};
use super::recorder::{Record, http_client, receive};

/// A proxy that stands between a program and a simulated tenant; it ends when it is dropped.
pub struct RecordingProxy {
    /// The address of the proxy, to be given to the program instead of the tenant's.
    pub base_url: String,
    /// What was exchanged.
    pub record: Record,
    task: tokio::task::JoinHandle<()>,
}

/// The proxy cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum ProxyError {
    /// No loopback port could be had.
    #[error("cannot listen on a loopback port")]
    Listen(#[source] std::io::Error),
    /// The client towards the tenant could not be made.
    #[error("cannot make the HTTP client")]
    Client(#[source] reqwest::Error),
}

#[derive(Clone)]
struct Forward {
    http: reqwest::Client,
    upstream: String,
    record: Record,
}

impl RecordingProxy {
    /// Starts a proxy on a free loopback port that forwards to `upstream`.
    pub async fn start(upstream: &str) -> Result<Self, ProxyError> {
        let record = Record::default();
        let forward = Forward {
            http: http_client().map_err(ProxyError::Client)?,
            upstream: upstream.trim_end_matches('/').to_owned(),
            record: record.clone(),
        };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .map_err(ProxyError::Listen)?;
        let base_url = format!(
            "http://{}",
            listener.local_addr().map_err(ProxyError::Listen)?
        );
        let router = axum::Router::new().fallback(pass).with_state(forward);
        let task = tokio::spawn(async move {
            // The listener does not end by itself; dropping the proxy ends it.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            base_url,
            record,
            task,
        })
    }
}

impl Drop for RecordingProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(State(forward): State<Forward>, request: HttpRequest<Body>) -> HttpResponse<Body> {
    match exchange(&forward, request).await {
        Ok(response) => response,
        Err(reason) => {
            let mut response = HttpResponse::new(Body::from(reason));
            *response.status_mut() = StatusCode::BAD_GATEWAY;
            response
        }
    }
}

async fn exchange(
    forward: &Forward,
    request: HttpRequest<Body>,
) -> Result<HttpResponse<Body>, String> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX)
        .await
        .map_err(|error| error.to_string())?;
    let target = parts
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let mut outgoing = forward
        .http
        .request(
            parts.method.clone(),
            format!("{}{target}", forward.upstream),
        )
        .body(body.to_vec());
    for (name, value) in parts
        .headers
        .iter()
        .filter(|(name, _)| is_end_to_end(name.as_str()))
    {
        outgoing = outgoing.header(name, value);
    }
    let outgoing = outgoing.build().map_err(|error| error.to_string())?;
    let query = outgoing.url().query_pairs().into_owned().collect();
    let response = forward
        .http
        .execute(outgoing)
        .await
        .map_err(|error| error.to_string())?;
    let response = receive(response).await.map_err(|error| error.to_string())?;

    let mut incoming = HttpResponse::builder().status(response.status);
    for (name, value) in response
        .headers
        .iter()
        .filter(|(name, _)| is_end_to_end(name))
    {
        incoming = incoming.header(name, value);
    }
    let incoming = incoming
        .body(Body::from(response.body.clone()))
        .map_err(|error| error.to_string())?;
    let headers = parts.headers.iter().map(|(name, value)| {
        (
            name.as_str().to_owned(),
            String::from_utf8_lossy(value.as_bytes()).into_owned(),
        )
    });
    forward.record.push(Exchange {
        request: Request {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query,
            headers: headers.collect(),
            body: body.to_vec(),
        },
        response,
    });
    Ok(incoming)
}

/// Whether a header is meant for the other end, and not for the connection at hand.
fn is_end_to_end(name: &str) -> bool {
    !matches!(
        name,
        "connection" | "content-length" | "host" | "keep-alive" | "transfer-encoding" | "upgrade"
    )
}
