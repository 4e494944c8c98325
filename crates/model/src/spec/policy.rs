//! Policy: limits that apply to all accounts.

use crate::{Percent, Scope, UserLevel};
use jiff::SignedDuration;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What no account may have, and how much one run may remove.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// Levels that no account may declare.
    pub forbid_user_levels: BTreeSet<UserLevel>,
    /// Scopes that no token may declare.
    pub forbid_scopes: BTreeSet<Scope>,
    /// The longest lifetime that a token may declare.
    pub max_token_lifetime: Option<SignedDuration>,
    /// How many of each kind one plan may delete or remove, by guard name.
    pub limits: BTreeMap<String, Limit>,
    /// What happens to unmanaged tokens of declared accounts.
    pub unmanaged_tokens: UnmanagedTokens,
}

impl Policy {
    /// The limit of deleted accounts, and the guard that keeps it.
    pub const DELETE_ACCOUNTS: &'static str = "deleteAccounts";
    /// The limit of revoked tokens, and the guard that keeps it.
    pub const DELETE_TOKENS: &'static str = "deleteTokens";
    /// The limit of removed user levels, and the guard that keeps it.
    pub const REMOVE_LEVELS: &'static str = "removeLevels";
    /// The limit of scopes removed from tokens, and the guard that keeps it.
    pub const REMOVE_SCOPES: &'static str = "removeScopes";
    /// The limit of accounts whose id or name changes, and the guard that keeps it.
    pub const RENAME_ACCOUNTS: &'static str = "renameAccounts";

    /// The limit of tokens that are replaced because their secrets are missing, and the
    /// guard that keeps it.
    pub const REPLACE_TOKENS: &'static str = "replaceTokens";

    /// The limit of tokens whose expiry is shortened, and the guard that keeps it.
    pub const SHORTEN_TOKENS: &'static str = "shortenTokens";

    /// The names of all limits, which are those of the guards that keep them.
    pub const LIMITS: &[&'static str] = &[
        Self::DELETE_ACCOUNTS,
        Self::DELETE_TOKENS,
        Self::REMOVE_LEVELS,
        Self::REMOVE_SCOPES,
        Self::RENAME_ACCOUNTS,
        Self::REPLACE_TOKENS,
        Self::SHORTEN_TOKENS,
    ];
}

/// An upper limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Limit {
    /// At most this number.
    Count(u32),
    /// At most this share of the existing objects.
    Share(Percent),
}

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(formatter, "{count}"),
            Self::Share(share) => write!(formatter, "{share}"),
        }
    }
}

/// What happens to unmanaged tokens of declared accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum UnmanagedTokens {
    /// They stay and are reported.
    #[default]
    Report,
    /// They are revoked.
    Revoke,
}
