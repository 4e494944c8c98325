//! Observed identity and its status.

use crate::{IdentityId, SourceId, UserLevel};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt;

/// An identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveIdentity {
    /// Its id.
    pub id: IdentityId,
    /// Its alias: by the usual mapping the account's name.
    pub alias: String,
    /// Its display name.
    pub name: String,
    /// Its email address.
    pub email: Option<String>,
    /// Its status.
    pub status: IdentityStatus,
    /// When it was created; none where ISC does not say.
    pub created: Option<Timestamp>,
    /// When it last changed; none where ISC does not say. An invitation changes it.
    pub modified: Option<Timestamp>,
    /// The source whose account made it; none where ISC does not say.
    pub made_by: Option<SourceId>,
}

/// An identity that has a user name which an account is to get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedIdentity {
    /// The identity.
    pub identity: LiveIdentity,
    /// The source whose account made it; none where ISC does not say.
    pub source: Option<SourceId>,
}

/// An identity as it is read with its user levels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveUser {
    /// The user levels that it holds.
    pub levels: BTreeSet<UserLevel>,
    /// Its names.
    pub names: IdentityNames,
}

/// The names of an identity that the mappings of a profile make from a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IdentityNames {
    /// Its alias; none where it is not known.
    pub alias: Option<String>,
    /// Its email address; none where it has none or it is not known.
    pub email: Option<String>,
}

impl IdentityNames {
    /// Whether two names that are both known differ. ISC compares names and email
    /// addresses without regard to case.
    pub fn differs(expected: Option<&str>, found: Option<&str>) -> bool {
        match (expected, found) {
            (Some(expected), Some(found)) => !Self::is_same(expected, found),
            (None, _) | (_, None) => false,
        }
    }

    /// Whether two names are the same to ISC.
    pub fn is_same(one: &str, other: &str) -> bool {
        Self::folded(one) == Self::folded(other)
    }

    /// A name in the form in which ISC compares it.
    pub fn folded(name: &str) -> String {
        name.trim().to_lowercase()
    }
}

/// The status of an identity (`identityStatus` in ISC's description).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum IdentityStatus {
    /// Not invited, or the invitation has expired.
    Unregistered,
    /// Invited, not yet registered.
    Pending,
    /// Registered.
    Registered,
    /// Registered and in use.
    Active,
    /// Registered, with a warning.
    Warning,
    /// Locked, disabled, deactivated, terminated or in error: as ISC says it.
    Unusable(String),
    /// None that ISC's description lists, or none at all (an empty text). It says
    /// nothing about registration.
    Unknown(String),
}

impl IdentityStatus {
    /// Reads ISC's spelling, without regard to case.
    pub fn from_isc(text: &str) -> Self {
        match text.to_ascii_uppercase().as_str() {
            "UNREGISTERED" => Self::Unregistered,
            "PENDING" => Self::Pending,
            "REGISTERED" => Self::Registered,
            "ACTIVE" => Self::Active,
            "WARNING" => Self::Warning,
            unusable @ ("DISABLED" | "DEACTIVATED" | "TERMINATED" | "ERROR" | "LOCKED") => {
                Self::Unusable(unusable.to_owned())
            }
            _ => Self::Unknown(text.to_owned()),
        }
    }

    /// Whether a person has set a password, so that the identity can sign in.
    pub fn is_registered(&self) -> bool {
        match self {
            Self::Registered | Self::Active | Self::Warning => true,
            Self::Unregistered | Self::Pending | Self::Unusable(_) | Self::Unknown(_) => false,
        }
    }
}

impl fmt::Display for IdentityStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Unregistered => "UNREGISTERED",
            Self::Pending => "PENDING",
            Self::Registered => "REGISTERED",
            Self::Active => "ACTIVE",
            Self::Warning => "WARNING",
            Self::Unknown(status) if status.is_empty() => "not stated",
            Self::Unusable(status) | Self::Unknown(status) => status,
        })
    }
}
