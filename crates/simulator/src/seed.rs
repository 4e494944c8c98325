//! Seed of a new tenant: people, sources with their accounts, levels and tokens, as a file says.
//!
//! The types are what is in the file; reading it is its caller's.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

/// What a new tenant has beside what every new tenant has.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Seed {
    /// Identities that no source feeds.
    #[serde(default)]
    pub people: Vec<SeedPerson>,
    /// Delimited file sources, with their accounts and an identity for each.
    #[serde(default)]
    pub sources: Vec<SeedSource>,
    /// Account names of those of the sources' identities who are registered.
    #[serde(default)]
    pub registered: Vec<String>,
    /// User levels by account name.
    #[serde(default)]
    pub levels: BTreeMap<String, Vec<String>>,
    /// Personal access tokens; their owners are registered.
    #[serde(default)]
    pub tokens: Vec<SeedToken>,
}

/// A person, who is registered.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeedPerson {
    /// The account name, by which they sign in.
    pub account: String,
    /// The name that is shown; the account name if absent.
    pub name: Option<String>,
    /// The email address; one of example.com if absent.
    pub email: Option<String>,
}

/// A source.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeedSource {
    /// Its name.
    pub name: String,
    /// Its description.
    #[serde(default)]
    pub description: String,
    /// The account name of its owner; the administrator if absent.
    pub owner: Option<String>,
    /// The attributes of its account schema: the id first, then the name.
    pub attributes: Vec<String>,
    /// The identity profile: account attributes by identity attribute. Without it, accounts have no
    /// identities.
    pub profile: Option<BTreeMap<String, String>>,
    /// Its accounts.
    #[serde(default)]
    pub accounts: Vec<BTreeMap<String, String>>,
}

/// A personal access token.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeedToken {
    /// The account name of its owner.
    pub account: String,
    /// Its name.
    pub name: String,
    /// Its scopes; `sp:scopes:all` if there are none.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The client ID, for scripts that know it beforehand.
    pub client_id: Option<String>,
    /// The client secret. It opens only the simulator.
    pub client_secret: Option<String>,
    /// When it expires; never if absent.
    pub expires: Option<Timestamp>,
}
