//! Access tokens: signs in, caches and renews them.

use super::answer::Answer;
use super::call::{Body, Call};
use super::claims;
use super::connection::Connection;
use super::exchange::Exchanged;
use super::failure;
use super::session::{Access, Session};
use crate::BaseUrl;
use model::{Origin, TenantError, TenantErrorKind, is_access_token};
use secrecy::SecretString;
use serde::Deserialize;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::Instant;

/// The response of the token endpoint, as far as it is used.
#[derive(Deserialize)]
pub(super) struct Granted {
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
        if session.is_of_a_person() {
            return Err(refused(
                "using the sign-in of the browser".to_owned(),
                "it has ended".to_owned(),
            ));
        }
        let access = Arc::new(self.sign_in(session).await?);
        *slot = Some(Arc::clone(&access));
        Ok(access)
    }

    async fn sign_in(&self, session: &Session) -> Result<Access, TenantError> {
        let client_id = session.credential.client_id.as_str();
        let doing = format!(
            "signing in to {} as client {}",
            self.config.base_url,
            model::shown_client_id(client_id)
        );
        let body = Body::ClientCredentials {
            client_id,
            client_secret: &session.credential.client_secret,
        };
        let call = Call::post(&["oauth", "token"], body, doing.clone()).idempotent();
        let asked = Instant::now();
        let mut tries = self.tries();
        let answer = match self.exchange(session, &call, None, &mut tries).await? {
            Exchanged::Answered(answer) | Exchanged::Expired(answer) => answer,
        };
        let refused = |kind| TenantError::new(doing.clone(), kind);
        if answer.status != 200 {
            let kind = self.with_address(refusal(&answer)).await;
            return Err(refused(kind));
        }
        let Ok(granted) = serde_json::from_slice::<Granted>(&answer.body) else {
            let kind = not_a_tenant("its /oauth/token responds without an access token");
            return Err(refused(self.with_address(kind).await));
        };
        match self.accepted(granted, asked) {
            Ok(access) => Ok(access),
            Err(text) => Err(refused(self.with_address(not_a_tenant(&text)).await)),
        }
    }

    /// The access token of a response, which is redacted from now on.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn accepted(&self, granted: Granted, asked: Instant) -> Result<Access, String> {
        if !is_access_token(&granted.access_token) {
            // It is redacted in all texts from now on, so it must be none of theirs.
            return Err("its /oauth/token responds with an access token that is not one word of 16 to 16384 letters, digits and -._~+/=".to_owned());
        }
        let claims = claims::decode(&granted.access_token);
        let bearer = SecretString::from(granted.access_token);
        self.config.redactor.learn_from(&bearer, Origin::Tenant);
        Ok(Access {
            claims,
            bearer,
            fresh_until: asked + fresh_for(granted.expires_in),
        })
    }
}

/// The error of a sign-in that the tenant does not accept.
fn refused(doing: String, text: String) -> TenantError {
    TenantError::new(doing, TenantErrorKind::Unauthenticated { text })
}

impl Connection {
    /// Where the address is not that of an API, adds the one that the host names. All
    /// hosts of a tenant do, at `/oauth/info`.
    async fn with_address(&self, kind: TenantErrorKind) -> TenantErrorKind {
        match kind {
            TenantErrorKind::NotATenant { text } => TenantErrorKind::NotATenant {
                text: match self.named_address().await {
                    Some(address) => {
                        format!("{text}; the API address of this tenant is {address}")
                    }
                    None => text,
                },
            },
            other => other,
        }
    }

    async fn named_address(&self) -> Option<BaseUrl> {
        /// The response has a few addresses and keys.
        const LONGEST: usize = 64 << 10;
        let url = format!("{}/oauth/info", self.config.base_url.origin());
        self.requests.fetch_add(1, Ordering::Relaxed);
        let mut response = self.http.get(url).send().await.ok()?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.ok()? {
            if body.len() + chunk.len() > LONGEST {
                return None;
            }
            body.extend_from_slice(&chunk);
        }
        named_in(&body).filter(|address| *address != self.config.base_url)
    }
}

/// The address in a response of `/oauth/info`. A server that is none of the tenant's can
/// name any, so it is only shown.
fn named_in(body: &[u8]) -> Option<BaseUrl> {
    let info: Info = serde_json::from_slice(body).ok()?;
    let Info {
        api_base_url,
        token_endpoint,
    } = info;
    api_base_url
        .or_else(|| {
            let endpoint = token_endpoint?;
            endpoint.strip_suffix("/oauth/token").map(str::to_owned)
        })?
        .parse()
        .ok()
}

/// The response of `/oauth/info`, as far as it is used.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Info {
    #[serde(default)]
    api_base_url: Option<String>,
    #[serde(default)]
    token_endpoint: Option<String>,
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
/// unknown credential; a server that is not an ISC API responds differently. A page of
/// a status by which firewalls refuse says nothing about the address.
fn refusal(answer: &Answer) -> TenantErrorKind {
    match answer.status {
        404 | 405 => not_a_tenant("it has no /oauth/token"),
        403 | 407 | 429 | 451 | 500..=599 => failure::kind_of(answer),
        status if answer.page().is_some() => not_a_tenant(&format!(
            "its /oauth/token responds with a web page ({status})"
        )),
        400 | 401 => TenantErrorKind::Unauthenticated {
            text: answer.error_body().text,
        },
        _ => failure::kind_of(answer),
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
            assert_eq!(refusal(&answer(status, body)), kind);
        }
        for (status, body) in [(404, "{}"), (405, ""), (401, "<html>"), (301, "")] {
            let kind = refusal(&answer(status, body));
            assert!(
                matches!(kind, TenantErrorKind::NotATenant { .. }),
                "{status}: {kind}"
            );
        }
        let kind = refusal(&answer(403, r#"{"messages":[{"text":"no"}]}"#));
        assert!(matches!(kind, TenantErrorKind::Forbidden { .. }), "{kind}");
        for status in [403, 503] {
            let kind = refusal(&answer(status, "<html>no</html>"));
            assert!(
                matches!(kind, TenantErrorKind::Intercepted { .. }),
                "{status}: {kind}"
            );
        }
    }

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            headers: reqwest::header::HeaderMap::new(),
            body: body.as_bytes().to_vec(),
            attempts: 1,
            doing: "signing in".to_owned(),
            call: "POST /oauth/token".to_owned(),
            idempotent: true,
            most_values: usize::MAX,
            redactor: model::Redactor::default(),
            room: None,
        }
    }

    #[test]
    fn tenants_16_the_host_names_the_address_of_its_api() {
        const API: &str = "https://acme.api.identitynow.com";
        for (body, expected) in [
            (format!(r#"{{"apiBaseUrl":"{API}"}}"#), Some(API)),
            (
                format!(r#"{{"tokenEndpoint":"{API}/oauth/token"}}"#),
                Some(API),
            ),
            (r#"{"apiBaseUrl":"http://evil.example"}"#.to_owned(), None),
            (
                r#"{"tokenEndpoint":"https://acme.example/token"}"#.to_owned(),
                None,
            ),
            ("{}".to_owned(), None),
            ("<html>".to_owned(), None),
        ] {
            let found = named_in(body.as_bytes()).map(|address| address.to_string());
            assert_eq!(found.as_deref(), expected, "{body}");
        }
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
