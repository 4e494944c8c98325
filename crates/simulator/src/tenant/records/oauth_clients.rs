//! OAuth clients: access without a user, or for a user who signs in.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::iso;
use crate::errors::Refusal;
use crate::tenant::fields::{optional_text, required_text, texts};

/// An OAuth client. The secret is kept as it is.
#[expect(clippy::struct_excessive_bools, reason = "the flags are ISC\'s")]
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct OauthClient {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) business_name: Option<String>,
    pub(crate) homepage_url: Option<String>,
    pub(crate) access_validity_seconds: i64,
    pub(crate) refresh_validity_seconds: i64,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) grant_types: Vec<String>,
    pub(crate) access_type: String,
    pub(crate) kind: String,
    pub(crate) internal: bool,
    pub(crate) enabled: bool,
    pub(crate) strong_auth_supported: bool,
    pub(crate) claims_supported: bool,
    pub(crate) scopes: Vec<String>,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    pub(crate) last_used: Option<Timestamp>,
}

impl std::fmt::Debug for OauthClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OauthClient")
            .field("id", &self.id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl OauthClient {
    /// The client as lists and answers show it, without the secret.
    pub(crate) fn wire(&self) -> Value {
        json!({
            "id": self.id,
            "businessName": self.business_name,
            "homepageUrl": self.homepage_url,
            "name": self.name,
            "description": self.description,
            "accessTokenValiditySeconds": self.access_validity_seconds,
            "refreshTokenValiditySeconds": self.refresh_validity_seconds,
            "redirectUris": self.redirect_uris,
            "grantTypes": self.grant_types,
            "accessType": self.access_type,
            "type": self.kind,
            "internal": self.internal,
            "enabled": self.enabled,
            "strongAuthSupported": self.strong_auth_supported,
            "claimsSupported": self.claims_supported,
            "created": iso(self.created),
            "modified": iso(self.modified),
            "scope": self.scopes,
            "lastUsed": self.last_used.map(iso),
        })
    }

    /// The client as the answer to its creation shows it, with the secret.
    pub(crate) fn created_wire(&self) -> Value {
        let mut wire = self.wire();
        wire["secret"] = json!(self.secret);
        if let Value::Object(map) = &mut wire {
            map.remove("lastUsed");
        }
        // Here, other than in lists, the description allows no nulls.
        for field in ["businessName", "homepageUrl", "description"] {
            if wire[field].is_null() {
                wire[field] = json!("");
            }
        }
        wire
    }

    pub(crate) fn read(&mut self, body: &Value) -> Result<(), Refusal> {
        self.name = required_text(body, "name")?;
        self.description = optional_text(body, "description")?;
        self.business_name = optional_text(body, "businessName")?;
        self.homepage_url = optional_text(body, "homepageUrl")?;
        let seconds = |field: &str, default: i64| match body.get(field) {
            None | Some(Value::Null) => Ok(default),
            Some(value) => value
                .as_i64()
                .filter(|seconds| *seconds > 0)
                .ok_or_else(|| {
                    Refusal::illegal_value(format!("{field} must be a positive number."))
                }),
        };
        self.access_validity_seconds = seconds("accessTokenValiditySeconds", 750)?;
        self.refresh_validity_seconds = seconds("refreshTokenValiditySeconds", 86_400)?;
        self.redirect_uris = texts(body, "redirectUris")?;
        self.grant_types = texts(body, "grantTypes")?;
        if self.grant_types.is_empty() {
            return Err(Refusal::missing("grantTypes"));
        }
        for grant in &self.grant_types {
            if !["CLIENT_CREDENTIALS", "AUTHORIZATION_CODE", "REFRESH_TOKEN"]
                .contains(&grant.as_str())
            {
                return Err(Refusal::illegal_value(format!(
                    "There is no grant type {grant:?}."
                )));
            }
        }
        if self
            .grant_types
            .iter()
            .any(|grant| grant == "AUTHORIZATION_CODE")
            && self.redirect_uris.is_empty()
        {
            return Err(Refusal::missing("redirectUris"));
        }
        self.access_type = one_of(body, "accessType", &["ONLINE", "OFFLINE"])?;
        self.kind = match body.get("type") {
            None | Some(Value::Null) => "CONFIDENTIAL".into(),
            Some(_) => one_of(body, "type", &["CONFIDENTIAL", "PUBLIC"])?,
        };
        let flag = |field: &str, default: bool| {
            body.get(field).and_then(Value::as_bool).unwrap_or(default)
        };
        self.internal = flag("internal", false);
        self.enabled = flag("enabled", true);
        self.strong_auth_supported = flag("strongAuthSupported", false);
        self.claims_supported = flag("claimsSupported", false);
        self.scopes = texts(body, "scope")?;
        if self.scopes.is_empty() {
            self.scopes = vec![catalog::SCOPE_ALL.to_owned()];
        }
        Ok(())
    }
}

fn one_of(body: &Value, field: &str, allowed: &[&str]) -> Result<String, Refusal> {
    let value = required_text(body, field)?;
    if allowed.contains(&value.as_str()) {
        return Ok(value);
    }
    Err(Refusal::illegal_value(format!(
        "{field} must be one of {}.",
        allowed.join(", ")
    )))
}
