//! An HTTP client that records what it sends and receives.

use std::sync::{Arc, Mutex, PoisonError};

use super::exchange::{Exchange, Request, Response};

/// Where exchanges are recorded; clones share one record.
#[derive(Clone, Default)]
pub struct Record {
    exchanges: Arc<Mutex<Vec<Exchange>>>,
}

impl Record {
    /// Adds an exchange.
    pub fn push(&self, exchange: Exchange) {
        self.lock().push(exchange);
    }

    /// What was recorded up to now, in order.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Exchange>> {
        self.exchanges
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// An exchange did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The request cannot be made, or was not answered.
    #[error("the exchange failed")]
    Exchange(#[source] reqwest::Error),
    /// The body of the request cannot be read.
    #[error("cannot read the body of the request")]
    Body(#[source] axum::Error),
}

/// An HTTP client that records its exchanges.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base_url: String,
    /// What was exchanged.
    pub record: Record,
}

impl Client {
    /// A client for the server at the base URL.
    pub fn new(base_url: &str) -> Result<Self, reqwest::Error> {
        Ok(Self {
            http: http_client()?,
            base_url: base_url.trim_end_matches('/').to_owned(),
            record: Record::default(),
        })
    }

    /// A request to a path, which may have a query.
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = method.parse().unwrap_or(reqwest::Method::GET);
        self.http
            .request(method, format!("{}{path}", self.base_url))
    }

    /// Sends the request and records the exchange.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Result<Response, SendError> {
        let mut request = request.build().map_err(SendError::Exchange)?;
        // A multipart body is a stream; it is collected so that it can be recorded.
        let body = match request.body_mut().take() {
            Some(body) => collect(body).await?,
            None => Vec::new(),
        };
        let recorded = Request {
            method: request.method().to_string(),
            path: request.url().path().to_owned(),
            query: request.url().query_pairs().into_owned().collect(),
            headers: headers(request.headers()),
            body: body.clone(),
        };
        *request.body_mut() = Some(body.into());
        let response = self
            .http
            .execute(request)
            .await
            .map_err(SendError::Exchange)?;
        let response = receive(response).await.map_err(SendError::Exchange)?;
        self.record.push(Exchange {
            request: recorded,
            response: response.clone(),
        });
        Ok(response)
    }
}

async fn collect(body: reqwest::Body) -> Result<Vec<u8>, SendError> {
    let body = axum::body::Body::new(body);
    let bytes = axum::body::to_bytes(body, usize::MAX)
        .await
        .map_err(SendError::Body)?;
    Ok(bytes.to_vec())
}

/// The whole answer.
pub(super) async fn receive(response: reqwest::Response) -> Result<Response, reqwest::Error> {
    let status = response.status().as_u16();
    let headers = headers(response.headers());
    Ok(Response {
        status,
        headers,
        body: response.bytes().await?.to_vec(),
    })
}

/// A client that leaves redirects and content codings alone.
pub(super) fn http_client() -> Result<reqwest::Client, reqwest::Error> {
    // Building a client needs a provider even where only plain HTTP on loopback is spoken; that
    // another test of the process has installed one already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
}

fn headers(headers: &reqwest::header::HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect()
}
