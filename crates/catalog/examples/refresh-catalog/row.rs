//! One operation between the description and the generated table.

use std::collections::{BTreeMap, BTreeSet};

/// What one input says about one operation.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent fact that the description states"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// The operation's id, empty where the input has none.
    pub(crate) id: String,
    /// The scopes that open it to a token with user context.
    pub(crate) scopes: BTreeSet<String>,
    /// The user levels that may call it; empty means any user.
    pub(crate) levels: BTreeSet<String>,
    /// Whether it wants the experimental header.
    pub(crate) experimental: bool,
    /// Whether clients without user context may call it.
    pub(crate) application_auth: bool,
    /// Whether it is deprecated.
    pub(crate) deprecated: bool,
    /// Whether its scopes are left unsaid.
    pub(crate) scopes_unstated: bool,
    /// Whether its levels are left unsaid.
    pub(crate) levels_unstated: bool,
}

/// A method in capitals and a path, in the order of the catalog.
pub(crate) type Rows = BTreeMap<(String, Method), Row>;

/// A method, ordered as the catalog orders it.
pub(crate) type Method = catalog::Method;
