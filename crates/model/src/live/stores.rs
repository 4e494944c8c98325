//! Store facts: what the stores hold, apart from the observed state of the tenant.

use crate::{AccountKey, IssuerState, StoreName, TokenId};
use std::collections::{BTreeMap, BTreeSet};

/// What was read from stores and journal before a plan is made.
///
/// A tenant knows nothing of it: `TenantRead::survey` leaves it empty, and the
/// caller fills it in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreFacts {
    /// The issuer tokens in the stores.
    pub issuers: BTreeMap<AccountKey, IssuerState>,
    /// Tokens that an earlier run minted and whose secret is not in its store.
    pub lost_tokens: BTreeSet<TokenId>,
    /// Stores that run programs, where the operator did not allow programs. Nothing
    /// can be read from them or delivered to them.
    pub not_asked: BTreeSet<StoreName>,
}
