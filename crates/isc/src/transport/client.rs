//! The client: who talks to the tenant, as whom, and how much.

use super::access_token::Access;
use super::answer::Answer;
use super::budget::Budget;
use super::call::Call;
use super::claims::Claims;
use super::failure;
use super::tenant_clock::TenantClock;
use super::tls::http_client;
use crate::Config;
use jiff::Timestamp;
use model::{Credential, SourceId, SourceName, TenantError, TenantErrorKind, TokenId};
use secrecy::ExposeSecret as _;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Talks to one tenant. Clones share everything.
#[derive(Clone)]
pub(crate) struct Client(Arc<Inner>);

pub(super) struct Inner {
    pub(super) http: reqwest::Client,
    pub(super) config: Config,
    pub(super) requests: AtomicU64,
    pub(super) clock: TenantClock,
    /// Whether anything has ever answered at the address. Until then a missing
    /// connection is more likely a wrong address than a passing fault.
    pub(super) reached: AtomicBool,
    sessions: Mutex<HashMap<TokenId, Arc<Session>>>,
    source_names: Mutex<HashMap<SourceId, SourceName>>,
}

/// What is kept for one client id.
pub(super) struct Session {
    pub(super) credential: Credential,
    pub(super) budget: Arc<Budget>,
    pub(super) access: tokio::sync::Mutex<Option<Arc<Access>>>,
}

impl Client {
    pub(crate) fn new(config: Config) -> Result<Self, TenantError> {
        let http = http_client(&config).map_err(|error| TenantError {
            doing: "setting up TLS".to_owned(),
            kind: TenantErrorKind::Unavailable {
                status: None,
                text: failure::innermost(&error),
                attempts: 0,
                tracking_id: None,
            },
            source: Some(Box::new(error)),
        })?;
        Ok(Self(Arc::new(Inner {
            http,
            config,
            requests: AtomicU64::new(0),
            clock: TenantClock::default(),
            reached: AtomicBool::new(false),
            sessions: Mutex::default(),
            source_names: Mutex::default(),
        })))
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    /// How many requests were sent so far, sign-ins and repeats included.
    pub(crate) fn requests(&self) -> u64 {
        self.0.requests.load(Ordering::Relaxed)
    }

    /// Begins a reading, so that [`Client::began`] tells when.
    pub(crate) fn begin_reading(&self) {
        self.0.clock.begin();
    }

    /// The tenant's clock at the first answer since [`Client::begin_reading`].
    pub(crate) fn began(&self) -> Timestamp {
        self.0.clock.began()
    }

    /// Signs in, where that is not done, and says who the credential belongs to.
    pub(crate) async fn claims(
        &self,
        credential: Option<&Credential>,
    ) -> Result<Claims, TenantError> {
        let session = self.session(credential);
        let access = self.0.access(&session).await?;
        Ok(access.claims.clone())
    }

    /// Sends a request and returns its answer, where it succeeded. An access
    /// token that the tenant no longer takes is replaced once.
    pub(crate) async fn send(&self, call: &Call<'_>) -> Result<Answer, TenantError> {
        failure::check(self.answer_to(call).await?)
    }

    /// Sends a request that deletes something. What is not there any more when
    /// the request is repeated was deleted by the attempt before.
    pub(crate) async fn delete(&self, call: &Call<'_>) -> Result<(), TenantError> {
        let answer = self.answer_to(call).await?;
        if answer.status == 404 && answer.attempts > 1 {
            return Ok(());
        }
        failure::check(answer).map(|_| ())
    }

    async fn answer_to(&self, call: &Call<'_>) -> Result<Answer, TenantError> {
        let session = self.session(call.credential);
        let access = self.0.access(&session).await?;
        let answer = self.0.exchange(&session, call, Some(&access)).await?;
        if answer.status != 401 {
            return Ok(answer);
        }
        session.forget(&access).await;
        let access = self.0.access(&session).await?;
        self.0.exchange(&session, call, Some(&access)).await
    }

    /// Remembers what a source is called, so that messages can say so.
    pub(crate) fn remember_source(&self, id: &SourceId, name: &SourceName) {
        let mut names = self
            .0
            .source_names
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        names.insert(id.clone(), name.clone());
    }

    /// A source for messages: by its name where it is known.
    pub(crate) fn source_label(&self, id: &SourceId) -> String {
        let names = self
            .0
            .source_names
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        names
            .get(id)
            .map_or_else(|| id.to_string(), |name| format!("\"{name}\""))
    }

    fn session(&self, credential: Option<&Credential>) -> Arc<Session> {
        let credential = credential.unwrap_or(&self.0.config.credential);
        // A panic elsewhere leaves the map whole, so it can still be used.
        let mut sessions = self
            .0
            .sessions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let known = sessions.get(&credential.client_id);
        if let Some(session) = known.filter(|session| session.is_of(credential)) {
            return Arc::clone(session);
        }
        // The same client id with another secret shares the budget, not the token.
        let budget = known.map_or_else(
            || Arc::new(Budget::new(self.0.config.rate, self.0.config.parallel)),
            |session| Arc::clone(&session.budget),
        );
        let session = Arc::new(Session {
            credential: credential.clone(),
            budget,
            access: tokio::sync::Mutex::default(),
        });
        sessions.insert(credential.client_id.clone(), Arc::clone(&session));
        session
    }
}

impl Session {
    fn is_of(&self, credential: &Credential) -> bool {
        self.credential.client_secret.expose_secret() == credential.client_secret.expose_secret()
    }

    /// Drops an access token, unless it was replaced meanwhile.
    async fn forget(&self, access: &Arc<Access>) {
        let mut slot = self.access.lock().await;
        if slot.as_ref().is_some_and(|kept| Arc::ptr_eq(kept, access)) {
            *slot = None;
        }
    }
}
