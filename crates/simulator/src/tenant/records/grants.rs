//! Authorization codes and refresh tokens that clients can still redeem.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::tracked::Keyed;

/// An authorization code, waiting to be redeemed once.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct AuthorizationCode {
    pub(crate) code: String,
    pub(crate) client: String,
    pub(crate) identity: String,
    pub(crate) redirect_uri: String,
    /// The S256 code challenge.
    pub(crate) challenge: Option<String>,
    pub(crate) expires: Timestamp,
}

impl fmt::Debug for AuthorizationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationCode")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

/// A refresh token.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct RefreshToken {
    pub(crate) token: String,
    pub(crate) client: String,
    pub(crate) identity: String,
    pub(crate) expires: Timestamp,
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshToken")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

impl Keyed for AuthorizationCode {
    fn key(&self) -> &str {
        &self.code
    }
}

impl Keyed for RefreshToken {
    fn key(&self) -> &str {
        &self.token
    }
}
