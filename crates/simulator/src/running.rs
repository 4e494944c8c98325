//! Starts a simulator in this process, and controls it while it runs.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::admission::Admission;
use crate::clock::{Clock, ClockMode, real_now};
use crate::config::Config;
use crate::control;
use crate::engine::Engine;
use crate::errors::{ControlError, SimulatorError};
use crate::faults::{Faults, Injector};
use crate::recording::{Place, Recorder};
use crate::request_log::{LoggedRequest, RequestFilter};
use crate::server::{self, Serving, Shared};
use crate::state_file::{Loaded, StateFile, Store};
use crate::tenant::{ADMIN_CLIENT_ID, ADMIN_CLIENT_SECRET, Tenant};

/// Credentials for the token endpoint.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The client id: the id of a personal access token.
    pub client_id: String,
    /// The secret to it.
    pub client_secret: SecretString,
}

/// The credentials of `jane.doe` in every new tenant.
pub fn admin_credentials() -> Credentials {
    Credentials {
        client_id: ADMIN_CLIENT_ID.into(),
        client_secret: ADMIN_CLIENT_SECRET.into(),
    }
}

/// A running simulator. Dropping it stops it without waiting for requests in flight, and only logs
/// errors; [`Running::shutdown`] waits and returns them.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    shared: Shared,
    recorder: Option<Arc<Recorder>>,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
    saver: JoinHandle<()>,
}

/// Starts a simulator.
///
/// # Errors
/// The state file is in use, cannot be read, or is invalid; or the address cannot be bound.
pub async fn start(config: Config) -> Result<Running, SimulatorError> {
    if let ClockMode::Accelerated(factor) = config.clock
        && !(factor.is_finite() && factor > 0.0)
    {
        return Err(SimulatorError::Clock(factor));
    }
    // Nothing is made or overwritten by a simulator that does not start.
    let state = config.state.as_deref();
    let place = config
        .record
        .as_deref()
        .map(|record| Place::of(record, state))
        .transpose()?;
    let file = state.map(StateFile::open).transpose()?;
    let loaded = file.as_ref().map(StateFile::load).transpose()?.flatten();
    let real = config.start_at.unwrap_or_else(real_now);
    let (tenant, is_whole, size) = if let Some(loaded) = loaded {
        let Loaded {
            tenant,
            is_whole,
            size,
        } = loaded;
        (tenant, is_whole, size)
    } else {
        let mut tenant = Tenant::seeded(real, &config.org, config.seed);
        if config.seed_accounts > 0 {
            tenant
                .add_bulk_accounts(config.seed_accounts)
                .map_err(SimulatorError::Seed)?;
        }
        if let Some(seed) = &config.seed_with {
            tenant.sow(seed)?;
        }
        (tenant, false, 0)
    };
    let clock = Clock::starting_at(tenant.now().max(real), config.clock);
    let store = file.map(|file| Arc::new(Store::new(file, config.durability)));
    let mut engine = Engine::new(tenant, clock, &config, store.clone());
    match &store {
        Some(store) if is_whole => store.adopt(&engine.tenant, size),
        _ => engine.save()?,
    }
    engine.catch_up();

    let listen = |source| SimulatorError::Listen {
        address: config.listen,
        source,
    };
    let listener = TcpListener::bind(config.listen).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let recorder = place
        .map(|place| Recorder::begin(place, engine.known_secrets()))
        .transpose()?;
    let recorder = recorder.map(Arc::new);
    let shared = Shared::new(engine, store);
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = Serving {
        shared: shared.clone(),
        admission: Arc::new(Admission::new(address, &config.hosts)),
        max_body: config.max_body,
        recorder: recorder.clone(),
    };
    let server = tokio::spawn(async move {
        // A dropped sender means the same as a message.
        let stopped = async {
            let _ = stopped.await;
        };
        if let Err(error) = server::serve(listener, serving, stopped).await {
            tracing::error!(%error, "the simulator stopped serving");
        }
    });
    let saver = tokio::spawn(shared.clone().write_when_needed());
    Ok(Running {
        address,
        shared,
        recorder,
        stop: Some(stop),
        server,
        saver,
    })
}

impl Running {
    /// The address to give as `SAIL_BASE_URL`, without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The credentials of `jane.doe`, who has all scopes and `ORG_ADMIN` in a new tenant.
    pub fn admin_credentials(&self) -> Credentials {
        admin_credentials()
    }

    /// The virtual time.
    pub fn now(&self) -> Timestamp {
        self.shared.lock().clock.now()
    }

    /// Advances the clock, and runs the events that are due.
    pub fn advance(&self, duration: SignedDuration) -> Result<(), ControlError> {
        self.shared
            .with(|engine| control::advance(engine, duration))
    }

    /// Changes the tenant out of band, to test drift.
    pub fn with_tenant<T>(&self, act: impl FnOnce(&mut Tenant) -> T) -> T {
        self.shared.with(|engine| {
            engine.catch_up();
            let result = act(&mut engine.tenant);
            engine.tenant.touch();
            result
        })
    }

    /// Changes the tenant out of band directly before it answers a request: the one to this
    /// operation (by its id) that comes after `skip` others. It happens once, and shows what a
    /// client does with an edit between two of its requests.
    pub fn before_request(
        &self,
        operation: &str,
        skip: u64,
        act: impl FnOnce(&mut Tenant) + Send + 'static,
    ) {
        let mut engine = self.shared.lock();
        engine.hooks.add(operation, skip, Box::new(act));
    }

    /// How many changes of [`Running::before_request`] have not happened yet.
    pub fn changes_waiting(&self) -> usize {
        self.shared.lock().hooks.len()
    }

    /// The tenant as it is saved.
    pub fn dump_state(&self) -> Result<String, ControlError> {
        let mut engine = self.shared.lock();
        engine.catch_up();
        control::dump(&engine.tenant)
    }

    /// Puts a tenant in the place of this one, as `PUT /_simulator/state` does. Time goes on
    /// from the later of the two clocks.
    pub fn load_tenant(&self, tenant: Tenant) {
        if let Err(error) = self.shared.lock().replace_tenant(tenant) {
            tracing::error!(%error, "cannot save the state of the simulated tenant");
        }
    }

    /// The requests that were answered, oldest first. Requests to the control surface are not among them.
    pub fn requests(&self, filter: &RequestFilter) -> Vec<LoggedRequest> {
        self.shared.lock().log.matching(filter)
    }

    /// The number of requests per operation.
    pub fn request_counts(&self, filter: &RequestFilter) -> BTreeMap<String, u64> {
        self.shared.lock().log.counts(filter)
    }

    /// Clears the request log.
    pub fn clear_requests(&self) {
        self.shared.lock().log.clear();
    }

    /// Replaces the faults.
    pub fn set_faults(&self, faults: Faults) {
        self.shared.lock().faults = Injector::new(faults);
    }

    /// Shuts down: answers requests in flight, saves the state, and releases the state file. An
    /// error also says that a recording is incomplete.
    pub async fn shutdown(mut self) -> Result<(), SimulatorError> {
        if let Some(stop) = self.stop.take() {
            // A missing receiver means that serving has already ended.
            let _ = stop.send(());
        }
        self.saver.abort();
        // Connections that are kept open for more requests are not waited for.
        let patience = std::time::Duration::from_millis(500);
        if tokio::time::timeout(patience, &mut self.server)
            .await
            .is_err()
        {
            self.server.abort();
        }
        let mut engine = self.shared.lock();
        engine.catch_up();
        let saved = engine.save();
        drop(engine);
        self.shared.let_file_go();
        saved?;
        if let Some(recorder) = &self.recorder {
            recorder.finish()?;
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.saver.abort();
        self.server.abort();
        // Connections that are still open may hold the engine longer than this, but not the file.
        let mut engine = self.shared.lock();
        if let Err(error) = engine.save() {
            tracing::error!(%error, "cannot save the state of the simulated tenant");
        }
        drop(engine);
        self.shared.let_file_go();
    }
}
