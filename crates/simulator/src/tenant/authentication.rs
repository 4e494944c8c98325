//! Grants access tokens, and identifies the caller of a request.
//!
//! An access token looks like a JWT and carries what ISC's carry. Its signature is a fingerprint
//! with nothing cryptographic about it, so the tenant can recognize its own tokens without keeping them.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::records::{AuthorizationCode, Deed, IdentityStatus, RefreshToken, fingerprint};
use super::{Tenant, delays};

/// How long an authorization code is valid.
const CODE_VALIDITY: SignedDuration = SignedDuration::from_secs(60);

/// The caller of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) client_id: String,
    /// The user behind the call; a client of its own has none.
    pub(crate) identity: Option<String>,
    pub(crate) scopes: Vec<String>,
}

/// An access token, as the token endpoint answers it.
#[derive(Clone, PartialEq)]
pub(crate) struct AccessToken {
    pub(crate) token: String,
    pub(crate) refresh_token: Option<String>,
    pub(crate) expires_in: i64,
    pub(crate) scopes: Vec<String>,
    pub(crate) identity: Option<String>,
    pub(crate) claims: Value,
}

/// Why no access token is granted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GrantError {
    #[error("unsupported_grant_type")]
    UnsupportedGrantType,
    #[error("invalid_request")]
    InvalidRequest(&'static str),
    #[error("invalid_client")]
    InvalidClient,
    #[error("unauthorized_client")]
    UnauthorizedClient,
    #[error("invalid_grant")]
    InvalidGrant,
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("identity", &self.identity)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

impl Tenant {
    /// The grant with the client's own credentials: a personal access token, or an OAuth client.
    pub(crate) fn grant_client_credentials(
        &mut self,
        id: &str,
        secret: &str,
    ) -> Result<AccessToken, GrantError> {
        if let Some(token) = self.tokens.get(id) {
            let (actor, name) = (self.actor(&token.owner), token.name.clone());
            let deed = |name| Deed::named(name, "PERSONAL_ACCESS_TOKEN", "USE");
            if token.expires.is_some_and(|expires| expires <= self.now) {
                self.note(&actor, deed("PERSONAL_ACCESS_TOKEN_EXPIRED"), &name);
                return Err(GrantError::InvalidClient);
            }
            if token.secret != secret {
                self.note(&actor, deed("PERSONAL_ACCESS_TOKEN_USE_FAILED"), &name);
                return Err(GrantError::InvalidClient);
            }
            let (owner, scopes, validity) = (
                token.owner.clone(),
                token.effective_scopes.clone(),
                token.validity_seconds,
            );
            self.note_use(id);
            self.note(&actor, deed("PERSONAL_ACCESS_TOKEN_USED"), &name);
            return Ok(self.issue(id, Some(&owner), scopes, validity));
        }
        let client = self
            .oauth_clients
            .get(id)
            .ok_or(GrantError::InvalidClient)?;
        if client.secret != secret || !client.enabled {
            return Err(GrantError::InvalidClient);
        }
        if !client
            .grant_types
            .iter()
            .any(|grant| grant == "CLIENT_CREDENTIALS")
        {
            return Err(GrantError::UnauthorizedClient);
        }
        let (scopes, validity) = (client.scopes.clone(), client.access_validity_seconds);
        self.note_client_use(id);
        Ok(self.issue(id, None, scopes, validity))
    }

    /// Whether an OAuth client may send people to this address with a code.
    pub(crate) fn check_redirect(
        &self,
        client: &str,
        redirect_uri: &str,
    ) -> Result<(), GrantError> {
        let found = self
            .oauth_clients
            .get(client)
            .filter(|client| client.enabled)
            .ok_or(GrantError::InvalidClient)?;
        if !found
            .grant_types
            .iter()
            .any(|grant| grant == "AUTHORIZATION_CODE")
        {
            return Err(GrantError::UnauthorizedClient);
        }
        if found.redirect_uris.iter().any(|uri| uri == redirect_uri) {
            Ok(())
        } else {
            Err(GrantError::InvalidRequest(
                "the redirect_uri is not one of the client's",
            ))
        }
    }

    /// Signs a person in for an OAuth client and answers the code that goes back to it.
    pub(crate) fn authorize(
        &mut self,
        who: &str,
        client: &str,
        redirect_uri: &str,
        challenge: Option<String>,
    ) -> Result<String, GrantError> {
        self.check_redirect(client, redirect_uri)?;
        let is_public = self
            .oauth_clients
            .get(client)
            .is_some_and(|client| client.kind == "PUBLIC");
        if is_public && challenge.is_none() {
            return Err(GrantError::InvalidRequest(
                "a public client needs a code_challenge",
            ));
        }
        let identity = self
            .find_person(who)
            .map_err(|_| GrantError::InvalidGrant)?;
        if self
            .identities
            .get(&identity)
            .is_none_or(|identity| identity.status != IdentityStatus::Active)
        {
            return Err(GrantError::InvalidGrant);
        }
        let code = self.ids.hex();
        let expires = self
            .now
            .checked_add(CODE_VALIDITY)
            .unwrap_or(Timestamp::MAX);
        let now = self.now;
        self.codes.retain(|code| code.expires > now);
        self.codes.push(AuthorizationCode {
            code: code.clone(),
            client: client.to_owned(),
            identity,
            redirect_uri: redirect_uri.to_owned(),
            challenge,
            expires,
        });
        self.touch();
        Ok(code)
    }

    /// The grant for an authorization code. The code is used up, also when it is refused.
    pub(crate) fn grant_authorization_code(
        &mut self,
        client: &str,
        secret: Option<&str>,
        code: &str,
        redirect_uri: &str,
        verifier: Option<&str>,
    ) -> Result<AccessToken, GrantError> {
        self.check_client(client, secret, "AUTHORIZATION_CODE")?;
        let index = self
            .codes
            .iter()
            .position(|known| known.code == code)
            .ok_or(GrantError::InvalidGrant)?;
        let known = self.codes.remove(index);
        self.touch();
        let proven = match (&known.challenge, verifier) {
            (None, _) => true,
            (Some(challenge), Some(verifier)) => {
                is_verifier(verifier)
                    && *challenge == URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
            }
            (Some(_), None) => false,
        };
        if known.client != client
            || known.redirect_uri != redirect_uri
            || known.expires <= self.now
            || !proven
        {
            return Err(GrantError::InvalidGrant);
        }
        self.issue_for_user(client, &known.identity)
    }

    /// The grant for a refresh token, which is replaced by another.
    pub(crate) fn grant_refresh(
        &mut self,
        client: &str,
        secret: Option<&str>,
        refresh_token: &str,
    ) -> Result<AccessToken, GrantError> {
        self.check_client(client, secret, "REFRESH_TOKEN")?;
        let index = self
            .refresh_tokens
            .iter()
            .position(|known| known.token == refresh_token && known.client == client)
            .ok_or(GrantError::InvalidGrant)?;
        let known = self.refresh_tokens.remove(index);
        self.touch();
        if known.expires <= self.now {
            return Err(GrantError::InvalidGrant);
        }
        self.issue_for_user(client, &known.identity)
    }

    /// The caller that an access token identifies, if the token is valid now.
    pub(crate) fn authenticate(&self, token: &str) -> Result<Caller, &'static str> {
        const INVALID: &str = "JWT validation failed: JWT is not valid";
        let (signed, signature) = token.rsplit_once('.').ok_or(INVALID)?;
        if signature != self.sign(signed) {
            return Err(INVALID);
        }
        let payload = signed
            .split_once('.')
            .map(|(_, payload)| payload)
            .ok_or(INVALID)?;
        let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| INVALID)?;
        let claims: Claims = serde_json::from_slice(&payload).map_err(|_| INVALID)?;
        if claims.exp <= self.now.as_second() {
            return Err("JWT validation failed: JWT is expired");
        }
        // A client that is gone takes its access tokens with it, and so does its owner.
        let known = self.tokens.get(&claims.client_id).is_some()
            || self.oauth_clients.contains_key(&claims.client_id);
        if !known
            || claims
                .identity_id
                .as_ref()
                .is_some_and(|id| !self.identities.contains(id))
        {
            return Err("JWT validation failed: the client or its user is gone");
        }
        Ok(Caller {
            client_id: claims.client_id,
            identity: claims.identity_id,
            scopes: claims.scope,
        })
    }

    fn check_client(&self, id: &str, secret: Option<&str>, grant: &str) -> Result<(), GrantError> {
        let client = self
            .oauth_clients
            .get(id)
            .filter(|client| client.enabled)
            .ok_or(GrantError::InvalidClient)?;
        let public = client.kind == "PUBLIC";
        if !public && secret != Some(client.secret.as_str()) {
            return Err(GrantError::InvalidClient);
        }
        if !client.grant_types.iter().any(|known| known == grant) {
            return Err(GrantError::UnauthorizedClient);
        }
        Ok(())
    }

    fn note_client_use(&mut self, id: &str) {
        let now = self.now;
        let Some(client) = self.oauth_clients.get_mut(id) else {
            return;
        };
        if client
            .last_used
            .is_none_or(|last| now.duration_since(last) >= delays::LAST_USED)
        {
            client.last_used = Some(now);
            self.touch();
        }
    }

    fn issue_for_user(&mut self, client: &str, identity: &str) -> Result<AccessToken, GrantError> {
        let found = self
            .oauth_clients
            .get(client)
            .ok_or(GrantError::InvalidClient)?;
        let (scopes, validity) = (found.scopes.clone(), found.access_validity_seconds);
        let refresh = found
            .grant_types
            .iter()
            .any(|grant| grant == "REFRESH_TOKEN")
            .then_some(SignedDuration::from_secs(found.refresh_validity_seconds));
        if !self.identities.contains(identity) {
            return Err(GrantError::InvalidGrant);
        }
        self.note_client_use(client);
        let mut granted = self.issue(client, Some(identity), scopes, validity);
        if let Some(validity) = refresh {
            let token = self.ids.secret();
            let now = self.now;
            self.refresh_tokens.retain(|known| known.expires > now);
            self.refresh_tokens.push(RefreshToken {
                token: token.clone(),
                client: client.to_owned(),
                identity: identity.to_owned(),
                expires: now.checked_add(validity).unwrap_or(Timestamp::MAX),
            });
            self.touch();
            granted.refresh_token = Some(token);
        }
        Ok(granted)
    }

    fn issue(
        &mut self,
        client: &str,
        identity: Option<&str>,
        scopes: Vec<String>,
        validity: i64,
    ) -> AccessToken {
        let now = self.now.as_second();
        let jti = self.ids.hex();
        let mut claims = json!({
            "tenant_id": fingerprint_hex(self.ids.seed(), self.org.as_bytes()),
            "pod": "simulator",
            "org": self.org,
            "client_id": client,
            "scope": scopes,
            "strong_auth": true,
            "iat": now,
            "exp": now + validity,
            "jti": jti,
        });
        if let Some(user) = identity.and_then(|id| self.identities.get(id)) {
            claims["identity_id"] = json!(user.id);
            claims["user_name"] = json!(user.alias);
            claims["authorities"] = json!(user.levels);
        }
        let header = URL_SAFE_NO_PAD.encode(br#"{"alg":"none-it-is-a-simulator","typ":"JWT"}"#);
        let payload = URL_SAFE_NO_PAD.encode(claims.to_string());
        let signed = format!("{header}.{payload}");
        let signature = self.sign(&signed);
        AccessToken {
            token: format!("{signed}.{signature}"),
            refresh_token: None,
            expires_in: validity,
            scopes,
            identity: identity.map(str::to_owned),
            claims,
        }
    }

    fn sign(&self, text: &str) -> String {
        fingerprint_hex(self.ids.seed(), text.as_bytes())
    }
}

/// Whether a text has the form of a code verifier (RFC 7636, section 4.1).
fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

fn fingerprint_hex(seed: u64, bytes: &[u8]) -> String {
    format!(
        "{:016x}{:016x}",
        fingerprint(seed, bytes),
        fingerprint(!seed, bytes)
    )
}

#[derive(Deserialize)]
struct Claims {
    client_id: String,
    identity_id: Option<String>,
    scope: Vec<String>,
    exp: i64,
}
