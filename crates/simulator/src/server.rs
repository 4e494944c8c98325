//! HTTP server: sockets, bodies, and faults below HTTP.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body as HttpBody, Bytes, to_bytes};
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, FromRequest as _, Multipart, Request as HttpRequest, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::serve::{IncomingStream, Listener};
use futures::{StreamExt as _, stream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use crate::api::{Answer, Body, FormPart, Payload};
use crate::control;
use crate::engine::{Engine, Reply, Request, Transport};

/// The biggest body that is read.
const MAX_BODY: usize = 256 * 1024 * 1024;
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
        let mut engine = self.lock();
        let result = act(&mut engine);
        match engine.save_if_quick() {
            Ok(false) => {}
            Ok(true) => self.unsaved.notify_one(),
            Err(error) => tracing::error!(%error, "cannot save the state of the simulated tenant"),
        }
        result
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

/// Serves until `stop` completes.
pub(crate) async fn serve(
    listener: TcpListener,
    shared: Shared,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let service = Router::new()
        .fallback(answer)
        .with_state(shared)
        .into_make_service_with_connect_info::<ConnectionHandle>();
    axum::serve(FaultyListener(listener), service)
        .with_graceful_shutdown(stop)
        .await
}

async fn answer(
    State(shared): State<Shared>,
    ConnectInfo(connection): ConnectInfo<ConnectionHandle>,
    request: HttpRequest,
) -> Response {
    let request = match read(request).await {
        Ok(request) => request,
        Err(reason) => return plain(StatusCode::BAD_REQUEST, reason),
    };
    let under_control = request.path.starts_with(control::PREFIX);
    let reply = shared.with(|engine| {
        if under_control {
            control::respond(engine, &request)
        } else {
            engine.respond(&request)
        }
    });
    let now = shared.lock().clock.now();
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

async fn read(request: HttpRequest) -> Result<Request, &'static str> {
    let method = request.method().as_str().to_owned();
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let headers = request.headers().clone();
    let multipart = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("multipart/form-data"));
    let bytes = to_bytes(request.into_body(), MAX_BODY)
        .await
        .map_err(|_| "the body could not be read")?;
    let form = if multipart {
        Some(parts(&headers, bytes.clone()).await?)
    } else {
        None
    };
    Ok(Request {
        method,
        path,
        query,
        headers,
        body: Body { bytes, form },
    })
}

async fn parts(
    headers: &axum::http::HeaderMap,
    bytes: Bytes,
) -> Result<Vec<FormPart>, &'static str> {
    const WRONG: &str = "the form could not be read";
    let mut request = HttpRequest::new(HttpBody::from(bytes));
    if let Some(kind) = headers.get(header::CONTENT_TYPE) {
        request
            .headers_mut()
            .insert(header::CONTENT_TYPE, kind.clone());
    }
    request
        .extensions_mut()
        .insert(axum::extract::DefaultBodyLimit::disable());
    let mut multipart = Multipart::from_request(request, &())
        .await
        .map_err(|_| WRONG)?;
    let mut parts = Vec::new();
    while let Some(field) = multipart.next_field().await.map_err(|_| WRONG)? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|_| WRONG)?;
        parts.push(FormPart { name, bytes });
    }
    Ok(parts)
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
