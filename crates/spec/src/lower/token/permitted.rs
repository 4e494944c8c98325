//! What a token is declared to be allowed to do.

use model::Scope;
use std::collections::BTreeSet;

/// The scopes of a token, written or worked out, and the calls as written.
#[derive(Debug, Default)]
pub(super) struct Permissions {
    pub(super) scopes: BTreeSet<Scope>,
    pub(super) calls: Vec<String>,
    /// Whether this is all that is declared, and not only what could be read.
    pub(super) complete: bool,
}
