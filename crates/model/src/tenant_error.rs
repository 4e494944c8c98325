//! Errors of calls to a tenant.

use crate::error_chain;
use jiff::Timestamp;
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

    /// Whether the call may be made anew once what it rests on was read and checked again.
    pub fn asks_to_read_again(&self) -> bool {
        matches!(
            self.kind,
            TenantErrorKind::ReadAgain(_) | TenantErrorKind::TooLate
        )
    }

    /// The error of a call that is not made again after so many tries.
    #[must_use]
    pub fn given_up(mut self, tries: u32) -> Self {
        if let TenantErrorKind::ReadAgain(last) = self.kind {
            self.kind = *last;
            if let TenantErrorKind::Unavailable { attempts, .. }
            | TenantErrorKind::NotReached { attempts, .. }
            | TenantErrorKind::Intercepted { attempts, .. } = &mut self.kind
            {
                *attempts = tries;
            }
        }
        self
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
        /// The request, such as `GET /accounts/v1`, from which the missing scope
        /// follows; none where the caller was not asked for one.
        call: Option<String>,
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
    /// The server could not be reached, or not safely.
    NotReached {
        /// What is in the way.
        obstacle: Obstacle,
        /// The transport's message, with host, times or names.
        text: String,
        /// How many attempts were made.
        attempts: u32,
    },
    /// Something between here and the tenant, such as a firewall or a proxy, answered
    /// with a web page in the tenant's place.
    Intercepted {
        /// The HTTP status of the page.
        status: u16,
        /// The title of the page, or how it begins.
        text: String,
        /// The id by which the firewall's administrators find the request.
        request_id: Option<String>,
        /// How many attempts were made.
        attempts: u32,
    },
    /// The tenant asks to wait for longer than steersman waits.
    AskedToWait {
        /// For how many seconds.
        seconds: u64,
        /// Until when, by this machine's clock.
        until: Timestamp,
        /// For how many seconds steersman waits at most.
        most: u64,
    },
    /// The request waited too long for its turn: what it rests on was read too long ago.
    /// The last attempt was not sent.
    TooLate,
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
    /// A write that rests on what was read did not succeed at the first attempt, and was
    /// not sent again: what it would overwrite may be another by now. The wait that the
    /// tenant asked for is over. Whoever reads and checks again may make the write anew.
    ReadAgain(Box<TenantErrorKind>),
}

/// What keeps a request from reaching a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The name of the host has no address.
    UnknownHost,
    /// The host refuses the connection.
    Refused,
    /// The connection took too long.
    TimedOut,
    /// The certificate is of an authority that this machine does not trust.
    UnknownAuthority,
    /// The certificate is for another name.
    OtherName,
    /// The certificate is not valid at this machine's time.
    NotValidNow,
    /// There is no TLS connection for another reason.
    Tls,
    /// The proxy asks for a user name and a password (407).
    ProxyPassword,
    /// The proxy cannot be reached.
    ProxyUnreachable,
    /// The proxy does not connect to the host.
    ProxyRefused,
    /// Something else.
    Other,
}

impl fmt::Display for TenantErrorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tracking = match self {
            Self::Unauthenticated { text } => {
                write!(formatter, "not signed in (401): {text}")?;
                &None
            }
            Self::Forbidden {
                text,
                tracking_id,
                call: _,
            } => {
                write!(formatter, "not allowed (403): {text}")?;
                tracking_id
            }
            Self::NotReached {
                obstacle: _,
                text,
                attempts,
            } => {
                write!(formatter, "no response after {attempts} attempts: {text}")?;
                &None
            }
            Self::Intercepted {
                status,
                text,
                request_id,
                attempts,
            } => {
                write!(
                    formatter,
                    "a firewall or proxy answered instead of ISC after {attempts} attempts ({status}, a web page): {text}"
                )?;
                if let Some(id) = request_id {
                    write!(formatter, " (request id {id})")?;
                }
                &None
            }
            Self::AskedToWait {
                seconds,
                until,
                most,
            } => {
                write!(
                    formatter,
                    "ISC asks to wait {seconds} s, until {}; steersman waits at most {most} s",
                    until.strftime("%Y-%m-%dT%H:%M:%SZ")
                )?;
                &None
            }
            Self::TooLate => {
                write!(
                    formatter,
                    "not sent: it waited until what it rests on was read too long ago"
                )?;
                &None
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
            Self::ReadAgain(first) => return first.fmt(formatter),
        };
        match tracking {
            Some(id) => write!(formatter, " (tracking id {id})"),
            None => Ok(()),
        }
    }
}
