//! Access tokens: signs in, caches and renews them.

use super::call::{Body, Call};
use super::claims;
use super::connection::Connection;
use super::session::{Access, Session};
use super::{error_body, failure};
use model::{TenantError, TenantErrorKind};
use secrecy::SecretString;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// The response of the token endpoint, as far as it is used.
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    /// In seconds. Tenants set it between 15 and 43,200.
    expires_in: Option<u64>,
}

impl Connection {
    /// The session's access token; a new one where there is none or it is about to
    /// expire. Concurrent callers wait for the same one.
    pub(super) async fn access(&self, session: &Session) -> Result<Arc<Access>, TenantError> {
        let mut slot = session.access.lock().await;
        if let Some(access) = slot
            .as_ref()
            .filter(|access| Instant::now() < access.fresh_until)
        {
            return Ok(Arc::clone(access));
        }
        *slot = None;
        let access = Arc::new(self.sign_in(session).await?);
        *slot = Some(Arc::clone(&access));
        Ok(access)
    }

    async fn sign_in(&self, session: &Session) -> Result<Access, TenantError> {
        let client_id = session.credential.client_id.as_str();
        let doing = format!(
            "signing in to {} as client {client_id}",
            self.config.base_url
        );
        let body = Body::ClientCredentials {
            client_id,
            client_secret: &session.credential.client_secret,
        };
        let call = Call::post(&["oauth", "token"], body, doing.clone()).idempotent();
        let asked = Instant::now();
        let answer = self.exchange(session, &call, None).await?;
        let refused = |kind| TenantError::new(doing.clone(), kind);
        if answer.status != 200 {
            // A status of success that is none here can come with what was sent, too.
            let body = self.config.redactor.redact_bytes(&answer.body);
            let kind = refusal(answer.status, &body, answer.attempts);
            return Err(refused(kind));
        }
        let granted: Granted = serde_json::from_slice(&answer.body).map_err(|_| {
            refused(not_a_tenant(
                "its /oauth/token responds without an access token",
            ))
        })?;
        let claims = claims::decode(&granted.access_token).unwrap_or_default();
        let bearer = SecretString::from(granted.access_token);
        self.config.redactor.learn(&bearer);
        Ok(Access {
            claims,
            bearer,
            fresh_until: asked + fresh_for(granted.expires_in),
        })
    }
}

/// The longest validity of an access token that ISC grants, in seconds. A response
/// may claim any number, and a clock cannot count beyond its end.
const LONGEST: u64 = 43_200;

/// For how long an access token is used, from the seconds that the response names.
fn fresh_for(expires_in: Option<u64>) -> Duration {
    let lifetime = Duration::from_secs(expires_in.unwrap_or(15).min(LONGEST));
    // A request must arrive before the token expires.
    lifetime.saturating_sub((lifetime / 5).min(Duration::from_mins(1)))
}

/// Maps an error response of the token endpoint. It responds with 400 or 401 to an
/// unknown credential; a server that is not an ISC API responds differently.
fn refusal(status: u16, body: &[u8], attempts: u32) -> TenantErrorKind {
    let error = error_body::parse(body);
    match status {
        404 | 405 => not_a_tenant("it has no /oauth/token"),
        _ if error.is_page => not_a_tenant(&format!(
            "its /oauth/token responds with a web page ({status})"
        )),
        400 | 401 => TenantErrorKind::Unauthenticated { text: error.text },
        _ => failure::kind_of(status, body, attempts),
    }
}

fn not_a_tenant(text: &str) -> TenantErrorKind {
    TenantErrorKind::NotATenant {
        text: format!(
            "{text}; the address of a tenant's API is like https://TENANT.api.identitynow.com"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_apart() {
        let unauthenticated = |text: &str| TenantErrorKind::Unauthenticated {
            text: text.to_owned(),
        };
        for (status, body, kind) in [
            (
                401,
                r#"{"error":"invalid_client"}"#,
                unauthenticated("invalid_client"),
            ),
            (
                400,
                r#"{"error":"invalid_client","error_description":"Bad credentials"}"#,
                unauthenticated("Bad credentials"),
            ),
        ] {
            assert_eq!(refusal(status, body.as_bytes(), 1), kind);
        }
        for (status, body) in [(404, "{}"), (405, ""), (401, "<html>"), (301, "")] {
            let kind = refusal(status, body.as_bytes(), 1);
            assert!(
                matches!(kind, TenantErrorKind::NotATenant { .. }),
                "{status}: {kind}"
            );
        }
        let kind = refusal(403, br#"{"messages":[{"text":"no"}]}"#, 1);
        assert!(matches!(kind, TenantErrorKind::Forbidden { .. }), "{kind}");
    }

    #[test]
    fn security_low_any_validity_can_be_counted() {
        for (expires_in, seconds) in [
            (None, 12),
            (Some(0), 0),
            (Some(749), 689),
            (Some(43_200), 43_140),
            (Some(u64::MAX), 43_140),
        ] {
            assert_eq!(fresh_for(expires_in), Duration::from_secs(seconds));
        }
    }
}
