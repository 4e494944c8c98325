//! Connection to one tenant: HTTP client, settings, sessions, clock.

use super::room::Room;
use super::session::Session;
use super::tenant_clock::TenantClock;
use super::tls::http_client;
use crate::Config;
use model::{Credential, SourceId, SourceName, TenantError, TokenId, UserLevel};
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What all requests to a tenant share.
pub(super) struct Connection {
    pub(super) http: reqwest::Client,
    pub(super) config: Config,
    pub(super) requests: AtomicU64,
    /// How many changes ISC has accepted, or may have accepted.
    pub(super) changes: AtomicU64,
    pub(super) clock: TenantClock,
    /// For the bodies of large responses.
    pub(super) room: Room,
    /// Whether anything has ever answered at the address. Until then a missing
    /// connection is more likely a wrong address than a passing fault.
    pub(super) reached: AtomicBool,
    sessions: Mutex<HashMap<TokenId, Arc<Session>>>,
    source_names: Mutex<HashMap<SourceId, SourceName>>,
    levels: Mutex<BTreeSet<UserLevel>>,
}

impl Connection {
    /// Sets up HTTP and TLS; nothing is sent yet.
    pub(super) fn new(config: Config) -> Result<Self, TenantError> {
        let http = http_client(&config)?;
        Ok(Self {
            http,
            config,
            requests: AtomicU64::new(0),
            changes: AtomicU64::new(0),
            clock: TenantClock::default(),
            room: Room::default(),
            reached: AtomicBool::new(false),
            sessions: Mutex::default(),
            source_names: Mutex::default(),
            levels: Mutex::default(),
        })
    }

    /// The session of a credential; that of the configured one where none is given.
    pub(super) fn session(&self, credential: Option<&Credential>) -> Arc<Session> {
        let credential = credential.unwrap_or(&self.config.credential);
        let mut sessions = whole(&self.sessions);
        let known = sessions.get(&credential.client_id);
        if let Some(session) = known.filter(|session| session.is_of(credential)) {
            return Arc::clone(session);
        }
        let earlier = known.map(AsRef::as_ref);
        let session = Arc::new(Session::new(credential, &self.config, earlier));
        sessions.insert(credential.client_id.clone(), Arc::clone(&session));
        session
    }

    /// Remembers the name of a source, for messages.
    pub(super) fn remember_source(&self, id: &SourceId, name: &SourceName) {
        whole(&self.source_names).insert(id.clone(), name.clone());
    }

    /// Remembers which user levels there are.
    pub(super) fn remember_levels(&self, levels: &BTreeSet<&UserLevel>) {
        *whole(&self.levels) = levels.iter().map(|level| (*level).clone()).collect();
    }

    /// The user levels that there are, as far as is known.
    pub(super) fn known_levels(&self) -> BTreeSet<UserLevel> {
        whole(&self.levels).clone()
    }

    /// A source for messages: by its name where it is known.
    pub(super) fn source_label(&self, id: &SourceId) -> String {
        whole(&self.source_names)
            .get(id)
            .map_or_else(|| id.to_string(), |name| format!("\"{name}\""))
    }
}

/// Locks a map. A panic elsewhere leaves it whole, so it can still be used.
fn whole<T>(map: &Mutex<T>) -> MutexGuard<'_, T> {
    map.lock().unwrap_or_else(PoisonError::into_inner)
}
