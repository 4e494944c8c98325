//! Top-level CLI error and its exit codes.

use crate::enroll_refusal::Refusal;
use crate::exit_code::Exit;
use crate::network_help::obstacle_help;
use crate::output::Output;
use crate::redaction::redactor;
use model::{TenantError, TenantErrorKind, error_chain, visible};
use owo_colors::OwoColorize;
use std::error::Error;

/// Why a command ended before its work was done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The files have errors, which were printed.
    #[error("{0}")]
    Spec(String),
    /// The spec cannot be applied to this tenant; the problems were printed.
    #[error("{0}")]
    Problems(String),
    /// A guard refuses the plan; the guards were printed.
    #[error("{0}")]
    Refused(String),
    /// A saved plan cannot be applied: it was edited or used, or the spec or the
    /// tenant changed.
    #[error("{message}")]
    Stale {
        /// Why not.
        message: String,
        /// The differences.
        items: Vec<String>,
    },
    /// The arguments are invalid or do not fit together.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// A file or folder could not be read or written.
    #[error("{message}")]
    File {
        /// The operation and the file.
        message: String,
        /// What to do.
        help: Option<String>,
        /// The cause.
        #[source]
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    /// A result could not be written to standard output.
    #[error("cannot write the result to standard output")]
    Output(#[source] std::io::Error),
    /// No address or credential of a tenant.
    #[error("{message}")]
    NoCredentials {
        /// What is missing.
        message: String,
    },
    /// A token is not revoked, because no other could be created in its place.
    #[error("{message}")]
    Irreplaceable {
        /// Which, and why not.
        message: String,
        /// What to do.
        help: String,
        /// Whether there is no issuer token that may create it.
        not_allowed: bool,
    },
    /// What a file asks for needs permission from outside the files.
    #[error("{message}")]
    NotPermitted {
        /// What the file asks for, and where.
        message: String,
        /// What the operator can do.
        help: String,
    },
    /// The tenant's address cannot be used.
    #[error("{message}")]
    Address {
        /// Why not.
        message: String,
        /// What to do.
        help: String,
    },
    /// The tenant could not be read.
    #[error(transparent)]
    Tenant(#[from] TenantError),
    /// An account was not enrolled.
    #[error(transparent)]
    Enroll(Box<Refusal>),
    /// The simulator could not start, or rejected an operation.
    #[error("simulator: {0}")]
    Simulator(String),
    /// An internal operation failed.
    #[error("{message}")]
    Internal {
        /// The operation.
        message: String,
        /// The cause.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

impl Failure {
    /// The exit code. A new kind of failure has to choose its own.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Refused(_) | Self::NotPermitted { .. } => Exit::Refused,
            Self::Stale { .. } => Exit::Stale,
            Self::Usage { .. } => Exit::Usage,
            Self::NoCredentials { .. }
            | Self::Irreplaceable {
                not_allowed: true, ..
            } => Exit::NotAllowed,
            Self::Enroll(refusal) => refusal.exit(),
            Self::Tenant(error) => match &error.kind {
                TenantErrorKind::Unauthenticated { .. } | TenantErrorKind::Forbidden { .. } => {
                    Exit::NotAllowed
                }
                TenantErrorKind::Incomplete(why) => Exit::of_partial_read([why]),
                TenantErrorKind::Unavailable { .. }
                | TenantErrorKind::NotReached { .. }
                | TenantErrorKind::Intercepted { .. }
                | TenantErrorKind::TooLate
                | TenantErrorKind::ReadAgain(_)
                | TenantErrorKind::AskedToWait { .. } => Exit::Unread,
                TenantErrorKind::NotFound { .. }
                | TenantErrorKind::Rejected { .. }
                | TenantErrorKind::Unknown { .. }
                | TenantErrorKind::NotATenant { .. }
                | TenantErrorKind::Undecodable { .. } => Exit::Error,
            },
            Self::Spec(_)
            | Self::Problems(_)
            | Self::File { .. }
            | Self::Output(_)
            | Self::Address { .. }
            | Self::Irreplaceable { .. }
            | Self::Simulator(_)
            | Self::Internal { .. } => Exit::Error,
        }
    }

    /// Prints the error with its causes, and the next action.
    pub(crate) fn report(&self, output: &mut Output) {
        let mut text = format!("{} {}", "error:".red().bold(), visible(&error_chain(self)));
        if let Self::Stale { items, .. } = self {
            for item in items {
                text.push_str("\n  ");
                text.push_str(&visible(item));
            }
        }
        if let Some(help) = self.help() {
            text.push_str(&format_help(&help));
        }
        output.talk(&text);
    }

    /// The error with its causes, in one line, as documents have it.
    pub(crate) fn text(&self) -> String {
        redactor().redact(&visible(&error_chain(self))).into_owned()
    }

    /// The next action, as documents have it.
    pub(crate) fn next(&self) -> Option<String> {
        let help = self.help()?;
        Some(redactor().redact(&visible(&help)).into_owned())
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Usage { help, .. }
            | Self::Address { help, .. }
            | Self::Irreplaceable { help, .. }
            | Self::NotPermitted { help, .. } => Some(help.clone()),
            Self::Stale { .. } => Some(
                "nothing was changed; save a new plan with `steersman plan --save FILE`, and have it approved".to_owned(),
            ),
            Self::File { help, .. } => help.clone(),
            Self::Output(_) => Some(
                "the command completed, but its output is incomplete: do not use the output".to_owned(),
            ),
            Self::NoCredentials { .. } => Some(
                "set SAIL_BASE_URL, and set SAIL_CLIENT_ID and SAIL_CLIENT_SECRET to a personal access token of an ISC admin (ORG_ADMIN), or declare `tenant:` in a file; add `--simulate` to run without a tenant".to_owned(),
            ),
            Self::Tenant(error) => tenant_help(&error.kind),
            Self::Enroll(refusal) => Some(refusal.help()),
            Self::Spec(_)
            | Self::Problems(_)
            | Self::Refused(_)
            | Self::Simulator(_)
            | Self::Internal { .. } => None,
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Enroll(Box::new(refusal))
    }
}

fn tenant_help(kind: &TenantErrorKind) -> Option<String> {
    Some(match kind {
        TenantErrorKind::ReadAgain(first) => return tenant_help(first),
        TenantErrorKind::Unauthenticated { .. } => {
            "check SAIL_CLIENT_ID and SAIL_CLIENT_SECRET: the personal access token may be expired, revoked, or of another tenant".to_owned()
        }
        TenantErrorKind::Forbidden { call, .. } => {
            let which = call.as_deref().map_or_else(String::new, |call| {
                format!("; `steersman scopes for \"{call}\"` names them")
            });
            format!(
                "the token's scopes or its owner's user levels do not allow this{which}; use a token of an ISC admin (ORG_ADMIN)"
            )
        }
        TenantErrorKind::NotATenant { .. } => {
            "check SAIL_BASE_URL: its form is https://TENANT.api.identitynow.com, without a path".to_owned()
        }
        TenantErrorKind::Unavailable { .. } => {
            "check the address and the network, then run the command again; a failed read changes nothing".to_owned()
        }
        TenantErrorKind::NotReached { obstacle, .. } => obstacle_help(*obstacle),
        TenantErrorKind::Intercepted { .. } => {
            "the answer is not ISC's: ask the administrators of the firewall or proxy between here and ISC to let steersman through, with the request id if there is one; nothing was changed".to_owned()
        }
        TenantErrorKind::AskedToWait { until, .. } => format!(
            "run the command again after {}; nothing was changed by this request",
            until.strftime("%Y-%m-%dT%H:%M:%SZ")
        ),
        TenantErrorKind::NotFound { .. }
        | TenantErrorKind::Rejected { .. }
        | TenantErrorKind::TooLate
        | TenantErrorKind::Unknown { .. }
        | TenantErrorKind::Undecodable { .. }
        | TenantErrorKind::Incomplete(_) => return None,
    })
}

/// A help line below an error.
pub(crate) fn format_help(help: &str) -> String {
    format!("\n  {} {}", "help:".cyan(), visible(help))
}
