//! What was read from the tenant.

pub(crate) mod account;
pub(crate) mod identity;
pub(crate) mod issuer;
pub(crate) mod profile;
pub(crate) mod source;
pub(crate) mod task;
pub(crate) mod token;

use crate::{
    AccountKey, Collection, IdentityId, IssuerState, LiveIdentity, LiveSource, LiveToken, OwnerRef,
    SourceName, TokenId, UserLevel,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The state of the tenant, as far as a spec needs it.
#[derive(Clone, Debug)]
pub struct Live {
    /// The tenant's clock when the reading began, from its `Date` header.
    pub observed_at: Timestamp,
    /// The tenant's API address.
    pub tenant: String,
    /// Who steersman runs as.
    pub caller: Caller,
    /// The identities behind the declared owners; none where nobody is found.
    pub owners: BTreeMap<OwnerRef, Collection<Option<IdentityId>>>,
    /// The declared sources, by name; none where there is none of the name.
    pub sources: BTreeMap<SourceName, Collection<Option<LiveSource>>>,
    /// The tenant's own user levels, read only where the spec uses a level that
    /// the catalogue does not know.
    pub custom_levels: Collection<BTreeSet<UserLevel>>,
    /// Identities whose status was wanted.
    pub identities: BTreeMap<IdentityId, Collection<Option<LiveIdentity>>>,
    /// User levels, by identity.
    pub levels: BTreeMap<IdentityId, Collection<BTreeSet<UserLevel>>>,
    /// All personal access tokens that the caller may see.
    pub tokens: Collection<Vec<LiveToken>>,
    /// What the stores hold as issuers.
    pub issuers: BTreeMap<AccountKey, IssuerState>,
    /// Tokens that an earlier run made and whose secret never reached its store.
    pub lost_tokens: BTreeSet<TokenId>,
    /// How many requests the reading took.
    pub requests: u64,
}

/// Who steersman runs as, from its access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The personal access token's id.
    pub client_id: TokenId,
    /// The identity; none for an API client without a user.
    pub identity: Option<IdentityId>,
    /// The identity's user name.
    pub user_name: Option<String>,
    /// What the access token says that the caller may do.
    pub authorities: BTreeSet<String>,
}
