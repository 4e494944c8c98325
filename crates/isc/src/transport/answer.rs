//! What the tenant has answered.

use jiff::Timestamp;
use model::{TenantError, TenantErrorKind};
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

/// A whole answer. It cannot be shown: the body of some is a secret.
pub(crate) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    /// How many times the request was sent.
    pub(super) attempts: u32,
    /// What was being done, for errors.
    pub(super) doing: String,
    /// Whether the request may be repeated; if not, an answer that cannot be
    /// understood leaves open what has happened.
    pub(super) idempotent: bool,
}

impl Answer {
    /// The body as JSON of the wanted shape.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, TenantError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let doing = self.doing.clone();
            // Where a field has another type the decoder's words repeat its
            // value, which may be a secret: of an answer to a request that makes
            // something only the place is told.
            let kind = if self.idempotent {
                TenantErrorKind::Undecodable {
                    text: error.to_string(),
                }
            } else {
                TenantErrorKind::Unknown {
                    text: format!(
                        "the answer came, and is not understood at line {}, column {}",
                        error.line(),
                        error.column()
                    ),
                }
            };
            TenantError::new(doing, kind)
        })
    }

    /// The body as it is.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// How many rows there are in all, where the tenant says so.
    pub(crate) fn total(&self) -> Option<u64> {
        self.headers
            .get("X-Total-Count")?
            .to_str()
            .ok()?
            .trim()
            .parse()
            .ok()
    }

    pub(super) fn date(&self) -> Option<Timestamp> {
        let date = self.headers.get(reqwest::header::DATE)?;
        crate::timestamp::from_http_date(date.to_str().ok()?)
    }
}
