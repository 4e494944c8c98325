//! What can go wrong between steersman and a tenant.

use crate::error_chain;
use std::error::Error;
use std::fmt;

/// A call that did not succeed.
#[derive(Debug, thiserror::Error)]
#[error("{doing}: {kind}")]
pub struct TenantError {
    /// What was being done, such as `reading the accounts of "Service Accounts"`.
    pub doing: String,
    /// What happened.
    pub kind: TenantErrorKind,
    /// What lies below, where there is something.
    #[source]
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

impl TenantError {
    /// An error without anything below it.
    pub fn new(doing: impl Into<String>, kind: TenantErrorKind) -> Self {
        Self {
            doing: doing.into(),
            kind,
            source: None,
        }
    }

    /// The error and all that lies below it, in one line.
    pub fn chain(&self) -> String {
        error_chain(self)
    }
}

/// The kinds of failed calls, as far as somebody has to act differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TenantErrorKind {
    /// The tenant does not know the credential, or the access token (401).
    Unauthenticated {
        /// ISC's words.
        text: String,
    },
    /// The caller may not do this (403).
    Forbidden {
        /// ISC's words.
        text: String,
        /// What SailPoint's support asks for.
        tracking_id: Option<String>,
    },
    /// It is not there (404).
    NotFound {
        /// ISC's words.
        text: String,
        /// What SailPoint's support asks for.
        tracking_id: Option<String>,
    },
    /// The tenant does not accept the request (400, 409, 422).
    Rejected {
        /// The HTTP status.
        status: u16,
        /// ISC's detail code, such as `400.1.3 Illegal value`.
        detail_code: Option<String>,
        /// ISC's words.
        text: String,
        /// What SailPoint's support asks for.
        tracking_id: Option<String>,
    },
    /// The tenant failed or was busy until the retries were used up.
    Unavailable {
        /// The last HTTP status; none where there was no answer.
        status: Option<u16>,
        /// ISC's words, or the transport's.
        text: String,
        /// How many times it was tried.
        attempts: u32,
        /// What SailPoint's support asks for.
        tracking_id: Option<String>,
    },
    /// Whether a request that must not be repeated took effect is not known:
    /// the connection ended before its answer.
    Unknown {
        /// The transport's words.
        text: String,
    },
    /// What answers at the address is no ISC tenant.
    NotATenant {
        /// What gave it away.
        text: String,
    },
    /// The answer could not be understood.
    Undecodable {
        /// Where and why.
        text: String,
    },
    /// A collection could not be read completely.
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
                    None => write!(formatter, "no answer after {attempts} attempts: {text}")?,
                }
                tracking_id
            }
            Self::Unknown { text } => {
                write!(
                    formatter,
                    "the connection ended before the answer, so whether it took effect is not known: {text}"
                )?;
                &None
            }
            Self::NotATenant { text } => {
                write!(
                    formatter,
                    "this is no Identity Security Cloud tenant: {text}"
                )?;
                &None
            }
            Self::Undecodable { text } => {
                write!(formatter, "the answer could not be understood: {text}")?;
                &None
            }
            Self::Incomplete(why) => {
                write!(formatter, "it could not be read completely ({why})")?;
                &None
            }
        };
        match tracking {
            Some(id) => write!(formatter, " (tracking id {id})"),
            None => Ok(()),
        }
    }
}
