//! Errors of calls to a tenant.

use crate::error_chain;
use std::error::Error;
use std::fmt;

/// A call that failed.
#[derive(Debug, thiserror::Error)]
#[error("{doing}: {kind}")]
pub struct TenantError {
    /// The operation, such as `reading the accounts of "Service Accounts"`.
    pub doing: String,
    /// What happened.
    pub kind: TenantErrorKind,
    /// The cause, where there is one.
    #[source]
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

impl TenantError {
    /// An error without a cause.
    pub fn new(doing: impl Into<String>, kind: TenantErrorKind) -> Self {
        Self {
            doing: doing.into(),
            kind,
            source: None,
        }
    }

    /// The error and all its causes, in one line.
    pub fn chain(&self) -> String {
        error_chain(self)
    }
}

/// The kinds of failed calls, as far as the reaction to them differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TenantErrorKind {
    /// The tenant does not accept the credential or the access token (401).
    Unauthenticated {
        /// ISC's message.
        text: String,
    },
    /// The caller may not do this (403).
    Forbidden {
        /// ISC's message.
        text: String,
        /// ISC's tracking id, which SailPoint's support asks for.
        tracking_id: Option<String>,
    },
    /// The object does not exist (404).
    NotFound {
        /// ISC's message.
        text: String,
        /// ISC's tracking id, which SailPoint's support asks for.
        tracking_id: Option<String>,
    },
    /// The tenant rejects the request (400, 409, 422).
    Rejected {
        /// The HTTP status.
        status: u16,
        /// ISC's detail code, such as `400.1.3 Illegal value`.
        detail_code: Option<String>,
        /// ISC's message.
        text: String,
        /// ISC's tracking id, which SailPoint's support asks for.
        tracking_id: Option<String>,
    },
    /// The tenant failed or was busy until the retries were used up.
    Unavailable {
        /// The last HTTP status; none where there was no response.
        status: Option<u16>,
        /// ISC's message, or the transport's.
        text: String,
        /// How many attempts were made.
        attempts: u32,
        /// ISC's tracking id, which SailPoint's support asks for.
        tracking_id: Option<String>,
    },
    /// A request that must not be retried may have taken effect: the connection
    /// ended before its response.
    Unknown {
        /// The transport's message.
        text: String,
    },
    /// The server at the address is not an ISC tenant.
    NotATenant {
        /// The evidence.
        text: String,
    },
    /// The response could not be decoded.
    Undecodable {
        /// Where and why.
        text: String,
    },
    /// A collection was read only in part.
    Incomplete(crate::Incomplete),
}

impl fmt::Display for TenantErrorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tracking = match self {
            Self::Unauthenticated { text } => {
                write!(formatter, "not signed in (401): {text}")?;
                &None
            }
            Self::Forbidden { text, tracking_id } => {
                write!(formatter, "not allowed (403): {text}")?;
                tracking_id
            }
            Self::NotFound { text, tracking_id } => {
                write!(formatter, "not found (404): {text}")?;
                tracking_id
            }
            Self::Rejected {
                status,
                detail_code,
                text,
                tracking_id,
            } => {
                write!(formatter, "not accepted ({status}): {text}")?;
                if let Some(code) = detail_code.as_deref().filter(|code| !code.is_empty()) {
                    write!(formatter, " [{code}]")?;
                }
                tracking_id
            }
            Self::Unavailable {
                status,
                text,
                attempts,
                tracking_id,
            } => {
                match status {
                    Some(status) => write!(
                        formatter,
                        "no success after {attempts} attempts ({status}): {text}"
                    )?,
                    None => write!(formatter, "no response after {attempts} attempts: {text}")?,
                }
                tracking_id
            }
            Self::Unknown { text } => {
                write!(
                    formatter,
                    "the connection ended before the response, so whether it took effect is not known: {text}"
                )?;
                &None
            }
            Self::NotATenant { text } => {
                write!(formatter, "not an Identity Security Cloud tenant: {text}")?;
                &None
            }
            Self::Undecodable { text } => {
                write!(formatter, "cannot decode the response: {text}")?;
                &None
            }
            Self::Incomplete(why) => {
                write!(formatter, "partial read ({why})")?;
                &None
            }
        };
        match tracking {
            Some(id) => write!(formatter, " (tracking id {id})"),
            None => Ok(()),
        }
    }
}
