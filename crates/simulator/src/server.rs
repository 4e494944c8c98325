//! HTTP server: requests, answers and what keeps the tenant on disk.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request as HttpRequest, State};
use axum::http::Method;
use axum::response::Response;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::admission::Admission;
use crate::config::Durability;
use crate::connection_handle::ConnectionHandle;
use crate::connections::BoundedListener;
use crate::engine::{Engine, Reply, Request};
use crate::errors::{Refusal, StateFileError};
use crate::outgoing::{self, Outgoing};
use crate::recording::{Recorder, Taken};
use crate::state_file::Store;
use crate::{control, incoming, routing};

/// How long a change that nobody waits for waits to be written, so that many are written at once.
const WRITE_DELAY: Duration = Duration::from_millis(200);

/// The largest body of a request for an access token.
const MOST_OF_CREDENTIALS: usize = 1024 * 1024;
/// The largest body that is no file: it is parsed while other requests wait.
const MOST_OF_JSON: usize = 8 * 1024 * 1024;

/// The engine, shared by all connections, and what keeps its tenant on disk.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    engine: Arc<Mutex<Engine>>,
    store: Option<Arc<Store>>,
    unwritten: Arc<Notify>,
}

impl Shared {
    pub(crate) fn new(engine: Engine, store: Option<Arc<Store>>) -> Self {
        Self {
            engine: Arc::new(Mutex::new(engine)),
            store,
            unwritten: Arc::new(Notify::new()),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Engine> {
        // A panic while the lock was held is a bug; what it left is still the best there is.
        self.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the engine and writes what it has changed.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Engine) -> T) -> T {
        let (result, position) = self.noted(act);
        if let (Some(store), Some(position)) = (&self.store, position)
            && let Err(error) = store.write(position)
        {
            tell(&error);
        }
        result
    }

    /// Does the same, and answers up to which position there is something to write.
    fn noted<T>(&self, act: impl FnOnce(&mut Engine) -> T) -> (T, Option<u64>) {
        let mut engine = self.lock();
        let result = act(&mut engine);
        let position = engine.note_changes();
        (result, position)
    }

    /// Waits until what was changed is written, if the caller is to.
    async fn written(&self, position: u64, waits: bool) -> Result<(), StateFileError> {
        let Some(store) = &self.store else {
            return Ok(());
        };
        match store.durability() {
            Durability::Synced if waits => {
                let store = Arc::clone(store);
                off_the_path(move || store.write(position)).await
            }
            Durability::Written if waits => store.write(position),
            Durability::Synced | Durability::Written | Durability::Relaxed => {
                self.unwritten.notify_one();
                Ok(())
            }
        }
    }

    /// Whether changes can be kept; where that failed, it is tried again.
    async fn can_write(&self) -> Result<(), StateFileError> {
        let Some(store) = self.store.as_ref().filter(|store| store.is_failing()) else {
            return Ok(());
        };
        let (store, shared) = (Arc::clone(store), self.clone());
        off_the_path(move || {
            if store.needs_whole() {
                shared.lock().save()
            } else {
                store.write(u64::MAX)
            }
        })
        .await
    }

    /// Writes the changes that nobody waits for, for ever.
    pub(crate) async fn write_when_needed(self) {
        let Some(store) = self.store else {
            return;
        };
        loop {
            self.unwritten.notified().await;
            tokio::time::sleep(WRITE_DELAY).await;
            let store = Arc::clone(&store);
            if let Err(error) = off_the_path(move || store.write(u64::MAX)).await {
                tell(&error);
            }
        }
    }

    /// Lets the state file go, so that others can use it.
    pub(crate) fn let_file_go(&self) {
        if let Some(store) = &self.store {
            store.let_go();
        }
    }
}

/// Does what waits for the disk where no request waits for it.
async fn off_the_path(
    act: impl FnOnce() -> Result<(), StateFileError> + Send + 'static,
) -> Result<(), StateFileError> {
    match tokio::task::spawn_blocking(act).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

fn tell(error: &StateFileError) {
    tracing::error!(%error, "cannot write the state of the simulated tenant");
}

/// What all requests are answered with.
#[derive(Debug, Clone)]
pub(crate) struct Serving {
    pub(crate) shared: Shared,
    pub(crate) admission: Arc<Admission>,
    /// The largest body of a request.
    pub(crate) max_body: usize,
    /// Where requests and their answers are recorded, if they are.
    pub(crate) recorder: Option<Arc<Recorder>>,
}

impl Serving {
    /// The largest body of a request.
    fn most(&self, request: &Request) -> usize {
        let most = if request.path == routing::TOKEN_PATH {
            // Nobody is known there yet.
            MOST_OF_CREDENTIALS
        } else if request.path.starts_with(control::PREFIX) || incoming::is_form(&request.headers) {
            usize::MAX
        } else {
            MOST_OF_JSON
        };
        self.max_body.min(most)
    }
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
    axum::serve(BoundedListener::new(listener), service)
        .with_graceful_shutdown(stop)
        .await
}

async fn answer(
    State(serving): State<Serving>,
    ConnectInfo(connection): ConnectInfo<ConnectionHandle>,
    request: HttpRequest,
) -> Response {
    let _answering = connection.answering();
    let (reply, now) = reply(&serving, request).await;
    outgoing::response(Outgoing::of(reply, now), &connection).await
}

/// The reply to a request, and the time of it.
async fn reply(serving: &Serving, request: HttpRequest) -> (Reply, Timestamp) {
    let (parts, body) = request.into_parts();
    let mut request = incoming::head(&parts);
    let under_control = request.path.starts_with(control::PREFIX);
    let mut taken = Taken::HeadOnly;
    let admitted = serving
        .admission
        .check(&parts.method, &parts.uri, &parts.headers);
    let recorder = serving
        .recorder
        .as_ref()
        .filter(|_| admitted.is_ok() && !under_control);
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
        Ok(()) => match incoming::body(&parts.headers, body, serving.most(&request)).await {
            Ok(body) => {
                request.body = body;
                taken = Taken::Whole;
                None
            }
            Err(reason) => Some(Refusal::from(reason)),
        },
    };
    let changes = parts.method != Method::GET;
    // What only reads goes on, whatever the disk does.
    let must_be_kept =
        changes && (under_control || !routing::only_reads(&request.method, &request.path));
    let kept = if must_be_kept {
        serving.shared.can_write().await
    } else {
        Ok(())
    };
    let refused = refused.or_else(|| kept.err().map(|error| not_kept(&error)));
    let refuse = |engine: &mut Engine, refusal: &Refusal| {
        if under_control {
            control::refuse(refusal)
        } else {
            engine.refuse(&request, refusal)
        }
    };
    let ((reply, now), position) = serving.shared.noted(|engine| {
        let reply = match &refused {
            Some(refusal) => refuse(engine, refusal),
            None if under_control => control::respond(engine, &request),
            None => engine.respond(&request),
        };
        (reply, engine.clock.now())
    });
    let written = match position {
        Some(position) => serving.shared.written(position, changes).await,
        None => Ok(()),
    };
    let reply = match written {
        // What is not kept is not done: the caller is not to believe so.
        Err(error) if must_be_kept && refused.is_none() => {
            let refusal = not_kept(&error);
            refuse(&mut serving.shared.lock(), &refusal)
        }
        Ok(()) | Err(_) => reply,
    };
    if let Some(recorder) = recorder {
        recorder.record(&request, taken, &reply, now);
    }
    (reply, now)
}

fn not_kept(error: &StateFileError) -> Refusal {
    tell(error);
    Refusal::not_kept(error)
}
