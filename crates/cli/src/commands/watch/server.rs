//! Serves the health of `watch` over HTTP.

use crate::failure::Failure;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// When a round last went well.
#[derive(Clone)]
pub(super) struct Health(Arc<Inner>);

struct Inner {
    /// For how long a round that went well counts.
    fresh: Duration,
    last: Mutex<Option<Instant>>,
}

impl Health {
    pub(super) fn new(every: Duration) -> Self {
        /// A round takes its time, too.
        const LEAST: Duration = Duration::from_mins(5);
        Self(Arc::new(Inner {
            fresh: every.saturating_mul(3).max(LEAST),
            last: Mutex::new(None),
        }))
    }

    /// A round has read the tenant completely.
    pub(super) fn round_ended_well(&self) {
        *self.0.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn is_ready(&self) -> bool {
        let last = *self.0.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|last| last.elapsed() <= self.0.fresh)
    }
}

/// The server. It ends when this is dropped.
pub(super) struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts it.
    ///
    /// # Errors
    /// An address that cannot be listened at, such as a port that is taken.
    pub(super) async fn start(address: SocketAddr, health: Health) -> Result<Self, Failure> {
        let refused = |error: std::io::Error| Failure::Address {
            message: format!("cannot listen at {address}: {error}"),
            help: "give `--listen` another port, or end the program that uses this one".to_owned(),
        };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let ready = move || {
            let answer = if health.is_ready() {
                (StatusCode::OK, "ready\n")
            } else {
                (
                    StatusCode::SERVICE_UNAVAILABLE,
                    "not ready: no round has read the tenant completely lately\n",
                )
            };
            async move { answer }
        };
        let router = Router::new()
            .route("/healthz", get(|| async { "alive\n" }))
            .route("/readyz", get(ready));
        let task = tokio::spawn(async move {
            // It ends with the program only.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, task })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}
