//! Delivery report: what the store of each declared secret holds.

use crate::{Address, StoreKey};
use serde::Serialize;
use std::fmt;

/// A declared secret, its place, and what that place holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryReport {
    /// The token, or the account of an issuer token.
    pub address: Address,
    /// What the secret is for.
    pub role: SecretRole,
    /// Where it is declared to be.
    pub place: StoreKey,
    /// What is there.
    pub state: DeliveryState,
    /// What is wrong, or where the secret is instead.
    pub detail: Option<String>,
}

/// What a declared secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SecretRole {
    /// It creates and changes the account's other tokens.
    Issuer,
    /// A declared token.
    Token,
}

/// What the place of a declared secret holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum DeliveryState {
    /// The secret of the token that exists.
    Delivered,
    /// Nothing.
    Missing,
    /// Nothing; the secret is where an earlier run delivered it to.
    Moved,
    /// The secret of an earlier token of this name, or of one that has ended.
    Stale,
    /// A secret of another tenant, account or token.
    Foreign,
    /// The store could not be read.
    Unreadable,
    /// It cannot be read: the store is written to only. What was delivered there was
    /// proven before, by signing in.
    WriteOnly,
    /// The store runs a program, and the operator did not allow programs.
    NotAsked,
    /// A secret; whether it is of the token that exists is not known, because the tenant's
    /// tokens were not read or the account's identity is about to change.
    Unknown,
}

impl DeliveryState {
    /// All states, in the order of a summary.
    pub const ALL: [Self; 9] = [
        Self::Delivered,
        Self::Missing,
        Self::Moved,
        Self::Stale,
        Self::Foreign,
        Self::Unreadable,
        Self::WriteOnly,
        Self::NotAsked,
        Self::Unknown,
    ];
}

impl fmt::Display for DeliveryState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Delivered => "delivered",
            Self::Missing => "missing",
            Self::Moved => "moved",
            Self::Stale => "stale",
            Self::Foreign => "foreign",
            Self::Unreadable => "unreadable",
            Self::WriteOnly => "write-only",
            Self::NotAsked => "not asked",
            Self::Unknown => "unknown",
        })
    }
}
