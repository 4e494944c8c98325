//! Session of one client id: its credential, request budget and access token.

use super::budget::Budget;
use super::claims::Claims;
use crate::Config;
use model::Credential;
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Mutex;
use tokio::time::Instant;

/// What is kept for one client id.
pub(super) struct Session {
    pub(super) credential: Credential,
    pub(super) budget: Arc<Budget>,
    pub(super) access: Mutex<Option<Arc<Access>>>,
    /// Whether the access token came of a sign-in in a browser, and cannot be renewed.
    of_a_person: AtomicBool,
}

/// An access token.
pub(super) struct Access {
    pub(super) bearer: SecretString,
    /// What it says about its bearer; none where it is opaque.
    pub(super) claims: Option<Claims>,
    /// From then on a new one is needed.
    pub(super) fresh_until: Instant,
}

impl Session {
    /// A session that has not signed in. The same client id with another secret
    /// shares the budget of the `earlier` session, not its access token.
    pub(super) fn new(credential: &Credential, config: &Config, earlier: Option<&Self>) -> Self {
        config.redactor.learn(&credential.client_secret);
        let budget = earlier.map_or_else(
            || Arc::new(Budget::new(config.rate, config.parallel)),
            |session| Arc::clone(&session.budget),
        );
        Self {
            credential: credential.clone(),
            budget,
            access: Mutex::default(),
            of_a_person: AtomicBool::new(false),
        }
    }

    /// Keeps the access token of a person.
    pub(super) async fn keep(&self, access: Access) {
        self.of_a_person.store(true, Ordering::Relaxed);
        *self.access.lock().await = Some(Arc::new(access));
    }

    pub(super) fn is_of_a_person(&self) -> bool {
        self.of_a_person.load(Ordering::Relaxed)
    }

    /// Whether it was opened with this credential, secret included.
    pub(super) fn is_of(&self, credential: &Credential) -> bool {
        self.credential.client_secret.expose_secret() == credential.client_secret.expose_secret()
    }

    /// Drops an access token, unless it was replaced meanwhile.
    pub(super) async fn forget(&self, access: &Arc<Access>) {
        let mut slot = self.access.lock().await;
        if slot.as_ref().is_some_and(|kept| Arc::ptr_eq(kept, access)) {
            *slot = None;
        }
    }
}
