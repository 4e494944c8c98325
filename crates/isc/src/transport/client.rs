//! HTTP client of one tenant: sends calls with a valid access token.

use super::answer::Answer;
use super::call::Call;
use super::claims::Claims;
use super::connection::Connection;
use super::exchange::{Exchanged, read_again};
use super::failure;
use crate::Config;
use jiff::{SignedDuration, Timestamp};
use model::{Credential, SourceId, SourceName, TenantError, TenantErrorKind, UserLevel};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Sends requests to one tenant. Clones share everything.
#[derive(Clone)]
pub(crate) struct Client(Arc<Connection>);

impl Client {
    pub(crate) fn new(config: Config) -> Result<Self, TenantError> {
        Ok(Self(Arc::new(Connection::new(config)?)))
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.0
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    /// How many requests were sent so far, sign-ins and retries included.
    pub(crate) fn requests(&self) -> u64 {
        self.0.requests.load(Ordering::Relaxed)
    }

    /// How many changes ISC has accepted so far, or may have accepted.
    pub(crate) fn changes(&self) -> u64 {
        self.0.changes.load(Ordering::Relaxed)
    }

    /// Begins a reading, so that [`Client::began`] returns its time.
    pub(crate) fn begin_reading(&self) {
        self.0.clock.begin();
    }

    /// The tenant's clock at the first response since [`Client::begin_reading`].
    pub(crate) fn began(&self) -> Timestamp {
        self.0.clock.began()
    }

    /// The tenant's clock now, by the latest response.
    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Signs in, where that is not done, and returns whose credential it is.
    pub(crate) async fn claims(
        &self,
        credential: Option<&Credential>,
    ) -> Result<Claims, TenantError> {
        let session = self.0.session(credential);
        let access = self.0.access(&session).await?;
        Ok(access.claims.clone().unwrap_or_default())
    }

    /// Whether the access token of the configured credential says that it belongs to an
    /// API client, which has no user. An opaque token does not say so.
    pub(crate) async fn is_api_client(&self) -> Result<bool, TenantError> {
        let session = self.0.session(None);
        let access = self.0.access(&session).await?;
        Ok(access
            .claims
            .as_ref()
            .is_some_and(|claims| claims.identity_id.is_none() && claims.user_name.is_none()))
    }

    /// How far this machine's clock is ahead of the tenant's, by the latest response.
    pub(crate) fn clock_ahead(&self) -> Option<SignedDuration> {
        self.0.clock.ahead()
    }

    /// Sends a request and returns its response, where it succeeded. An access
    /// token that the tenant no longer accepts is replaced once.
    pub(crate) async fn send(&self, call: &Call<'_>) -> Result<Answer, TenantError> {
        failure::check(self.answer_to(call).await?)
    }

    /// Sends a request that deletes something. An object that is missing when the
    /// request is retried was deleted by the attempt before.
    pub(crate) async fn delete(&self, call: &Call<'_>) -> Result<(), TenantError> {
        let answer = self.answer_to(call).await?;
        if answer.status == 404 && answer.attempts > 1 {
            return Ok(());
        }
        failure::check(answer).map(|_| ())
    }

    async fn answer_to(&self, call: &Call<'_>) -> Result<Answer, TenantError> {
        let answered = self.exchanged(call).await;
        let accepted = match &answered {
            Ok(answer) => (200..300).contains(&answer.status),
            Err(error) => matches!(error.kind, TenantErrorKind::Unknown { .. }),
        };
        if call.effect == super::call::Effect::Changes && accepted {
            self.0.changes.fetch_add(1, Ordering::Relaxed);
        }
        answered
    }

    async fn exchanged(&self, call: &Call<'_>) -> Result<Answer, TenantError> {
        let session = self.0.session(call.credential);
        let mut tries = self.0.tries();
        loop {
            let access = self.0.access(&session).await?;
            let exchanged = self.0.exchange(&session, call, Some(&access), &mut tries);
            match exchanged.await? {
                Exchanged::Answered(answer) => return Ok(answer),
                Exchanged::Expired(answer) => {
                    session.forget(&access).await;
                    if call.rests_on_reading {
                        // Signing in again can take its time.
                        return failure::check(answer).map_err(read_again);
                    }
                }
            }
        }
    }

    /// Remembers the name of a source, for messages.
    pub(crate) fn remember_source(&self, id: &SourceId, name: &SourceName) {
        self.0.remember_source(id, name);
    }

    /// Remembers which user levels there are, for reading them again.
    pub(crate) fn remember_levels(&self, levels: &BTreeSet<&UserLevel>) {
        self.0.remember_levels(levels);
    }

    /// The user levels that there are; none where a survey did not list them.
    pub(crate) fn known_levels(&self) -> BTreeSet<UserLevel> {
        self.0.known_levels()
    }

    /// A source for messages: by its name where it is known.
    pub(crate) fn source_label(&self, id: &SourceId) -> String {
        self.0.source_label(id)
    }
}
