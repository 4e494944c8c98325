//! The one error at the edge, and which exit code it leads to.

use crate::exit_code::Exit;
use crate::output::Output;
use model::{TenantError, TenantErrorKind, error_chain};
use owo_colors::OwoColorize;
use std::error::Error;

/// Why a command ended before its work was done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The files have errors, which have been shown.
    #[error("{0}")]
    Spec(String),
    /// The spec cannot be carried out at this tenant; the problems have been shown.
    #[error("{0}")]
    Problems(String),
    /// A guard has refused; the guards have been shown.
    #[error("{0}")]
    Refused(String),
    /// A saved plan cannot be applied: it is not what was saved, has been used,
    /// or is for something else than what is there.
    #[error("{message}")]
    Stale {
        /// Why not.
        message: String,
        /// What differs, one by one.
        items: Vec<String>,
    },
    /// The words on the command line do not go together.
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
        /// What was tried with which file.
        message: String,
        /// What to do.
        help: Option<String>,
        /// What the system says.
        #[source]
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    /// A result could not be written to standard output.
    #[error("the result could not be written to standard output")]
    Output(#[source] std::io::Error),
    /// Nothing says how to sign in.
    #[error("{message}")]
    NoCredentials {
        /// What is missing.
        message: String,
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
    /// The simulator could not be started, or does not know what it is asked about.
    #[error("the simulator: {0}")]
    Simulator(String),
    /// A part of the program's own machinery failed.
    #[error("{message}")]
    Internal {
        /// What was tried.
        message: String,
        /// What lies below.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

impl Failure {
    /// The exit code. A new kind of failure has to choose its own.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Refused(_) => Exit::Refused,
            Self::Stale { .. } => Exit::Stale,
            Self::Usage { .. } => Exit::Usage,
            Self::NoCredentials { .. } => Exit::NotAllowed,
            Self::Tenant(error) => match &error.kind {
                TenantErrorKind::Unauthenticated { .. } | TenantErrorKind::Forbidden { .. } => {
                    Exit::NotAllowed
                }
                TenantErrorKind::Incomplete(_) => Exit::Unread,
                TenantErrorKind::NotFound { .. }
                | TenantErrorKind::Rejected { .. }
                | TenantErrorKind::Unavailable { .. }
                | TenantErrorKind::Unknown { .. }
                | TenantErrorKind::NotATenant { .. }
                | TenantErrorKind::Undecodable { .. } => Exit::Error,
            },
            Self::Spec(_)
            | Self::Problems(_)
            | Self::File { .. }
            | Self::Output(_)
            | Self::Address { .. }
            | Self::Simulator(_)
            | Self::Internal { .. } => Exit::Error,
        }
    }

    /// Tells the person what happened and what to do.
    pub(crate) fn report(&self, output: &mut Output) {
        let mut text = format!("{} {}", "error:".red().bold(), error_chain(self));
        if let Self::Stale { items, .. } = self {
            for item in items {
                text.push_str("\n  ");
                text.push_str(item);
            }
        }
        if let Some(help) = self.help() {
            text.push_str(&format_help(&help));
        }
        output.talk(&text);
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Usage { help, .. } | Self::Address { help, .. } => Some(help.clone()),
            Self::Stale { .. } => Some(
                "nothing was changed; save a new plan with `steersman plan --save FILE` and have that approved".to_owned(),
            ),
            Self::File { help, .. } => help.clone(),
            Self::Output(_) => Some(
                "the command itself has ended as it would have; what was printed is not whole, so do not use it".to_owned(),
            ),
            Self::NoCredentials { .. } => Some(
                "set SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET to a personal access token of an ORG_ADMIN, or say `tenant:` in a file; to try steersman without a tenant add --simulate".to_owned(),
            ),
            Self::Tenant(error) => tenant_help(&error.kind).map(str::to_owned),
            Self::Spec(_)
            | Self::Problems(_)
            | Self::Refused(_)
            | Self::Simulator(_)
            | Self::Internal { .. } => None,
        }
    }
}

fn tenant_help(kind: &TenantErrorKind) -> Option<&'static str> {
    match kind {
        TenantErrorKind::Unauthenticated { .. } => Some(
            "check SAIL_CLIENT_ID and SAIL_CLIENT_SECRET: the personal access token may have ended, been revoked, or belong to another tenant",
        ),
        TenantErrorKind::Forbidden { .. } => Some(
            "the token's scopes or its owner's user levels do not allow this; steersman needs an ORG_ADMIN's token",
        ),
        TenantErrorKind::NotATenant { .. } => Some(
            "check SAIL_BASE_URL: it looks like https://TENANT.api.identitynow.com, without a path",
        ),
        TenantErrorKind::Unavailable { .. } => Some(
            "check the address and the network, or try again later; nothing was changed by a failed reading",
        ),
        TenantErrorKind::NotFound { .. }
        | TenantErrorKind::Rejected { .. }
        | TenantErrorKind::Unknown { .. }
        | TenantErrorKind::Undecodable { .. }
        | TenantErrorKind::Incomplete(_) => None,
    }
}

/// A help line below an error.
pub(crate) fn format_help(help: &str) -> String {
    format!("\n  {} {help}", "help:".cyan())
}
