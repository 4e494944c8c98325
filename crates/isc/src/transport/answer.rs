//! Response of the tenant, decoded without leaking secrets.

use super::page::{self, Page};
use jiff::Timestamp;
use model::{TenantError, TenantErrorKind};
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

/// A whole response. It has no `Debug`, because some bodies are secrets.
pub(crate) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    /// How many attempts the request took.
    pub(super) attempts: u32,
    /// The operation, for errors.
    pub(super) doing: String,
    /// The method and path, from which the scope follows that opens it.
    pub(super) call: String,
    /// Whether the request may be retried; if not, a response that cannot be decoded
    /// leaves open whether it took effect.
    pub(super) idempotent: bool,
}

impl Answer {
    /// Decodes the body as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, TenantError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let doing = self.doing.clone();
            // Where a field has another type, the decoder's message repeats its value,
            // which may be a secret: for a request that creates an object, only the
            // place is reported.
            let kind = if self.idempotent {
                TenantErrorKind::Undecodable {
                    text: error.to_string(),
                }
            } else {
                TenantErrorKind::Unknown {
                    text: format!(
                        "cannot decode the response at line {}, column {}",
                        error.line(),
                        error.column()
                    ),
                }
            };
            TenantError::new(doing, kind)
        })
    }

    /// The raw body.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The total number of rows, where the tenant states it.
    pub(crate) fn total(&self) -> Option<u64> {
        self.headers
            .get("X-Total-Count")?
            .to_str()
            .ok()?
            .trim()
            .parse()
            .ok()
    }

    /// The web page of something between here and the tenant, where it is one.
    pub(super) fn page(&self) -> Option<Page> {
        page::of(&self.headers, &self.body)
    }

    pub(super) fn date(&self) -> Option<Timestamp> {
        let date = self.headers.get(reqwest::header::DATE)?;
        crate::timestamp::from_http_date(date.to_str().ok()?)
    }
}
