//! Serves a recording: a replay in this process, without a tenant behind it.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, Request as HttpRequest, State};
use axum::response::Response;
use camino::Utf8PathBuf;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::admission::Admission;
use crate::connection_handle::ConnectionHandle;
use crate::connections::BoundedListener;
use crate::engine::Transport;
use crate::errors::{Refusal, SimulatorError};
use crate::outgoing::{self, JSON, Outgoing};
use crate::recording::{
    self, Found, RecordedAnswer, RecordedBody, RecordedRequest, Replay, ReplayReport, Taken,
};
use crate::secrets::Known;
use crate::tenant::ADMIN_CLIENT_SECRET;
use crate::{control, incoming};

/// Where a replay tells how far it is.
const REPORT_PATH: &str = "/_simulator/replay";
/// The largest body of a request.
const MAX_BODY: usize = 256 * 1024 * 1024;

/// What a replay is started with.
#[derive(Debug, Clone)]
pub struct ReplayConfig {
    /// The recording.
    pub recording: Utf8PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Names by which clients reach it, as in [`Config::hosts`](crate::Config::hosts).
    pub hosts: Vec<String>,
}

/// A running replay. Dropping it stops it.
#[derive(Debug)]
pub struct Replaying {
    address: SocketAddr,
    replay: Arc<Mutex<Replay>>,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
}

#[derive(Debug, Clone)]
struct Serving {
    replay: Arc<Mutex<Replay>>,
    /// What is masked in requests, as it was in those of the recording.
    known: Arc<Mutex<Known>>,
    admission: Arc<Admission>,
}

/// Starts a replay.
///
/// # Errors
/// The recording cannot be read, or is invalid; or the address cannot be bound.
pub async fn start_replay(config: ReplayConfig) -> Result<Replaying, SimulatorError> {
    let ReplayConfig {
        recording,
        listen,
        hosts,
    } = config;
    let replay = Arc::new(Mutex::new(Replay::new(recording::read(&recording)?)));
    let fails = |source| SimulatorError::Listen {
        address: listen,
        source,
    };
    let listener = TcpListener::bind(listen).await.map_err(fails)?;
    let address = listener.local_addr().map_err(fails)?;
    let mut known = Known::default();
    // The secret that clients have here; all others are masked in the answers.
    known.learn(ADMIN_CLIENT_SECRET);
    let serving = Serving {
        replay: Arc::clone(&replay),
        known: Arc::new(Mutex::new(known)),
        admission: Arc::new(Admission::new(address, &hosts)),
    };
    let service = Router::new()
        .fallback(answer)
        .with_state(serving)
        .into_make_service_with_connect_info::<ConnectionHandle>();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(async move {
        // A dropped sender means the same as a message.
        let stopped = async {
            let _ = stopped.await;
        };
        let served = axum::serve(BoundedListener::new(listener), service);
        if let Err(error) = served.with_graceful_shutdown(stopped).await {
            tracing::error!(%error, "the replay stopped serving");
        }
    });
    Ok(Replaying {
        address,
        replay,
        stop: Some(stop),
        server,
    })
}

impl Replaying {
    /// The address to give as `SAIL_BASE_URL`, without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops, and tells how the requests differed from the recording.
    pub async fn shutdown(mut self) -> ReplayReport {
        if let Some(stop) = self.stop.take() {
            // A missing receiver means that serving has already ended.
            let _ = stop.send(());
        }
        // Connections that are kept open for more requests are not waited for.
        let patience = std::time::Duration::from_millis(500);
        let ended = tokio::time::timeout(patience, &mut self.server).await;
        if ended.is_err() {
            self.server.abort();
        }
        self.replay
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .report()
    }
}

impl Drop for Replaying {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(
    State(serving): State<Serving>,
    ConnectInfo(connection): ConnectInfo<ConnectionHandle>,
    request: HttpRequest,
) -> Response {
    let _answering = connection.answering();
    outgoing::response(outgoing(&serving, request).await, &connection).await
}

async fn outgoing(serving: &Serving, request: HttpRequest) -> Outgoing {
    let (parts, body) = request.into_parts();
    let mut request = incoming::head(&parts);
    let admitted = serving
        .admission
        .check(&parts.method, &parts.uri, &parts.headers);
    if let Err(reason) = admitted {
        incoming::drain(&parts.headers, body).await;
        return refusal(&Refusal::from(reason));
    }
    if request.path.starts_with(control::PREFIX) {
        incoming::drain(&parts.headers, body).await;
        return control(serving, &request.method, &request.path);
    }
    let taken = match incoming::body(&parts.headers, body, MAX_BODY).await {
        Ok(body) => {
            request.body = body;
            Taken::Whole
        }
        // The recorder could not read it either.
        Err(_) => Taken::HeadOnly,
    };
    let request = {
        let mut known = serving.known.lock().unwrap_or_else(PoisonError::into_inner);
        RecordedRequest::of(&request, taken, &mut known)
    };
    let found = serving
        .replay
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .answer(&request);
    match found {
        Found::Answer(answer) => recorded(*answer),
        Found::Nothing(reason) => refusal(&Refusal::not_recorded(
            &format!("{} {}", request.method, request.path),
            &reason,
        )),
    }
}

/// The control surface of a replay: whether it serves, and how far it is.
fn control(serving: &Serving, method: &str, path: &str) -> Outgoing {
    match (method, path) {
        ("GET", control::READY_PATH) => json_answer(200, &control::ready()),
        ("GET", REPORT_PATH) => {
            let replay = serving.replay.lock();
            let report = replay.unwrap_or_else(PoisonError::into_inner).report();
            json_answer(200, &shown(&report))
        }
        _ => json_answer(
            404,
            &json!({"error": format!("a replay has no tenant, and of the control surface only GET {REPORT_PATH} and GET {}", control::READY_PATH)}),
        ),
    }
}

fn shown(report: &ReplayReport) -> Value {
    let ReplayReport { left, not_recorded } = report;
    let left = left.iter().map(|left| {
        json!({"method": left.method, "path": left.path, "query": left.query,
            "left": left.left, "recorded": left.recorded})
    });
    let not_recorded = not_recorded.iter().map(|(request, count)| {
        json!({"method": request.method, "path": request.path, "query": request.query,
            "reason": request.reason, "count": count})
    });
    json!({"left": left.collect::<Vec<_>>(), "notRecorded": not_recorded.collect::<Vec<_>>()})
}

fn recorded(answer: RecordedAnswer) -> Outgoing {
    let RecordedAnswer {
        time,
        status,
        headers,
        body,
        transport,
        slow_by_milliseconds,
    } = answer;
    let mut headers: Vec<_> = headers
        .into_iter()
        .map(|(name, value)| (Cow::Owned(name), value))
        .collect();
    let body = match body {
        RecordedBody::Json(value) => {
            headers.push((Cow::Borrowed("content-type"), JSON.to_owned()));
            Bytes::from(value.to_string())
        }
        RecordedBody::Text(text) => Bytes::from(text),
        RecordedBody::Empty
        | RecordedBody::Unread
        | RecordedBody::Form(_)
        | RecordedBody::Parts(_) => Bytes::new(),
    };
    Outgoing {
        status,
        headers,
        body,
        transport,
        slow_by_milliseconds,
        time,
    }
}

fn refusal(refusal: &Refusal) -> Outgoing {
    json_answer(refusal.status, &refusal.body("replay"))
}

fn json_answer(status: u16, body: &Value) -> Outgoing {
    Outgoing {
        status,
        headers: vec![(Cow::Borrowed("content-type"), JSON.to_owned())],
        body: Bytes::from(body.to_string()),
        transport: Transport::Whole,
        slow_by_milliseconds: 0,
        time: crate::clock::real_now(),
    }
}
