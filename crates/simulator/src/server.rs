//! HTTP server: sockets, bodies, and faults below HTTP.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body as HttpBody, Bytes};
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, Request as HttpRequest, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use axum::serve::{IncomingStream, Listener};
use futures::{StreamExt as _, stream};
use jiff::Timestamp;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use crate::admission::Admission;
use crate::api::{Answer, Payload};
use crate::engine::{Engine, Reply, Transport};
use crate::errors::Refusal;
use crate::{control, incoming};

/// How long a big state waits to be saved at least, so that many changes are saved at once.
const SAVE_DELAY: Duration = Duration::from_millis(200);

/// The engine, shared by all connections.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    engine: Arc<Mutex<Engine>>,
    unsaved: Arc<Notify>,
}

impl Shared {
    pub(crate) fn new(engine: Engine) -> Self {
        Self {
            engine: Arc::new(Mutex::new(engine)),
            unsaved: Arc::new(Notify::new()),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Engine> {
        // A panic while the lock was held is a bug; what it left is still the best there is.
        self.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the engine and saves what it has changed, at once or soon.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Engine) -> T) -> T {
        self.with_saved(act).0
    }

    /// Does the same, and tells whether saving did not fail.
    fn with_saved<T>(&self, act: impl FnOnce(&mut Engine) -> T) -> (T, bool) {
        let mut engine = self.lock();
        let result = act(&mut engine);
        let saved = engine.save_if_quick();
        match &saved {
            Ok(false) => {}
            Ok(true) => self.unsaved.notify_one(),
            Err(error) => tracing::error!(%error, "cannot save the state of the simulated tenant"),
        }
        (result, saved.is_ok())
    }

    /// Saves big states, for ever.
    pub(crate) async fn save_when_needed(self) {
        loop {
            self.unsaved.notified().await;
            // A state that takes long to save is saved the less often.
            let delay = SAVE_DELAY.max(self.lock().last_save() * 5);
            tokio::time::sleep(delay).await;
            if let Err(error) = self.lock().save() {
                tracing::error!(%error, "cannot save the state of the simulated tenant");
            }
        }
    }
}

/// What all requests are answered with.
#[derive(Debug, Clone)]
pub(crate) struct Serving {
    pub(crate) shared: Shared,
    pub(crate) admission: Arc<Admission>,
    /// The largest body of a request.
    pub(crate) max_body: usize,
}

/// Serves until `stop` completes.
pub(crate) async fn serve(
    listener: TcpListener,
    serving: Serving,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let service = Router::new()
        .fallback(answer)
        .with_state(serving)
        .into_make_service_with_connect_info::<ConnectionHandle>();
    axum::serve(FaultyListener(listener), service)
        .with_graceful_shutdown(stop)
        .await
}

async fn answer(
    State(serving): State<Serving>,
    ConnectInfo(connection): ConnectInfo<ConnectionHandle>,
    request: HttpRequest,
) -> Response {
    let (reply, now) = reply(&serving, request).await;
    let Reply {
        answer,
        transport,
        slow_by_milliseconds,
    } = reply;
    if slow_by_milliseconds > 0 {
        tokio::time::sleep(Duration::from_millis(slow_by_milliseconds)).await;
    }
    if transport == Transport::Reset {
        connection.reset();
    }
    let mut response = response(answer, transport);
    // Whoever looks at an answer can see that it is none of a tenant's.
    response.headers_mut().insert(
        header::SERVER,
        HeaderValue::from_static("steersman-simulator (nothing here is real)"),
    );
    // Callers that reckon with the server's time are to see the simulator's.
    if let Ok(date) = HeaderValue::from_str(&now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
    {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

/// The reply to a request, and the time of it.
async fn reply(serving: &Serving, request: HttpRequest) -> (Reply, Timestamp) {
    let (parts, body) = request.into_parts();
    let mut request = incoming::head(&parts);
    let under_control = request.path.starts_with(control::PREFIX);
    let admitted = serving
        .admission
        .check(&parts.method, &parts.uri, &parts.headers);
    let refused = match admitted {
        Err(reason) => {
            incoming::drain(&parts.headers, body).await;
            Some(Refusal::from(reason))
        }
        // What is refused without its body is not worth reading it.
        Ok(()) if !under_control && !serving.shared.lock().wants_body(&request) => {
            incoming::drain(&parts.headers, body).await;
            None
        }
        Ok(()) => match incoming::body(&parts.headers, body, serving.max_body).await {
            Ok(body) => {
                request.body = body;
                None
            }
            Err(reason) => Some(Refusal::from(reason)),
        },
    };
    let is_write = parts.method != Method::GET;
    let ((reply, now), is_saved) = serving.shared.with_saved(|engine| {
        let refused = match refused {
            None if is_write && engine.is_read_only() => Some(unsaved()),
            refused => refused,
        };
        let reply = match (refused, under_control) {
            (Some(refusal), true) => control::refuse(&refusal),
            (Some(refusal), false) => engine.refuse(&request, &refusal),
            (None, true) => control::respond(engine, &request),
            (None, false) => engine.respond(&request),
        };
        (reply, engine.clock.now())
    });
    // What is not on disk is not done: the caller is not to believe so.
    if is_write && !is_saved {
        let mut engine = serving.shared.lock();
        let reply = if under_control {
            control::refuse(&unsaved())
        } else {
            engine.refuse(&request, &unsaved())
        };
        return (reply, now);
    }
    (reply, now)
}

fn unsaved() -> Refusal {
    let mut refusal = Refusal::internal();
    refusal
        .causes
        .push("The simulator cannot write its state file, so it refuses changes.".into());
    refusal
}

fn response(answer: Answer, transport: Transport) -> Response {
    let (media_type, body) = match answer.payload {
        Payload::Empty => (None, Bytes::new()),
        Payload::Json(value) => (Some("application/json"), Bytes::from(value.to_string())),
        Payload::Text { media_type, text } => (Some(media_type), Bytes::from(text.into_owned())),
    };
    let mut builder = Response::builder()
        .status(StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    if let Some(media_type) = media_type {
        builder = builder.header(header::CONTENT_TYPE, media_type);
    }
    for (name, value) in answer.headers {
        builder = builder.header(name, value);
    }
    let body = if transport == Transport::Truncated {
        builder = builder.header(header::CONTENT_LENGTH, body.len());
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
    } else {
        HttpBody::from(body)
    };
    builder.body(body).unwrap_or_else(|_| {
        plain(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the answer could not be made",
        )
    })
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    let mut response = Response::new(HttpBody::from(text));
    *response.status_mut() = status;
    response
}

/// A way for a request to break its own connection.
#[derive(Debug, Clone)]
struct ConnectionHandle {
    broken: Arc<AtomicBool>,
}

impl ConnectionHandle {
    fn reset(&self) {
        self.broken.store(true, Ordering::Relaxed);
    }
}

impl Connected<IncomingStream<'_, FaultyListener>> for ConnectionHandle {
    fn connect_info(stream: IncomingStream<'_, FaultyListener>) -> Self {
        Self {
            broken: Arc::clone(&stream.io().broken),
        }
    }
}

/// Accepts connections that can be broken.
struct FaultyListener(TcpListener);

impl Listener for FaultyListener {
    type Io = FaultyStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (FaultyStream, SocketAddr) {
        loop {
            match self.0.accept().await {
                Ok((stream, address)) => {
                    // Small answers are not to wait for more to send.
                    let _ = stream.set_nodelay(true);
                    return (
                        FaultyStream {
                            stream,
                            broken: Arc::default(),
                        },
                        address,
                    );
                }
                // Too many open files, say: it may pass.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// A connection that fails to write once it is broken, and is then reset rather than closed.
struct FaultyStream {
    stream: TcpStream,
    broken: Arc<AtomicBool>,
}

impl FaultyStream {
    fn check(&self) -> io::Result<()> {
        if !self.broken.load(Ordering::Relaxed) {
            return Ok(());
        }
        // With nothing to linger for, closing sends a reset.
        let _ = self.stream.set_zero_linger();
        Err(io::Error::new(
            io::ErrorKind::ConnectionReset,
            "a fault was asked for",
        ))
    }
}

impl AsyncRead for FaultyStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for FaultyStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
