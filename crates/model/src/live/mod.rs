//! Observed state of a tenant.

pub(crate) mod account;
pub(crate) mod agreement;
pub(crate) mod audit_event;
pub(crate) mod counts;
pub(crate) mod delivery;
pub(crate) mod file_settings;
pub(crate) mod identity;
pub(crate) mod issuer;
pub(crate) mod lookup;
pub(crate) mod profile;
pub(crate) mod source;
pub(crate) mod stores;
pub(crate) mod task;
pub(crate) mod token;

use crate::{
    Collection, IdentityId, IdentityNames, LiveIdentity, LiveSource, LiveToken, NamedIdentity,
    OwnerRef, ProfileHolder, SourceId, SourceName, StoreFacts, TokenId, UserLevel,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The observed state, as far as a spec needs it.
#[derive(Clone, Debug)]
pub struct Live {
    /// The tenant's clock when the reading began, from its `Date` header.
    pub observed_at: Timestamp,
    /// The tenant's API address.
    pub tenant: String,
    /// Who steersman runs as.
    pub caller: Caller,
    /// The identities of the declared owners; none where there is none.
    pub owners: BTreeMap<OwnerRef, Collection<Option<IdentityId>>>,
    /// Those of the declared owners that ISC has deactivated, with their status.
    pub inactive_owners: BTreeMap<OwnerRef, String>,
    /// The aliases that declared owners may mean whose alias no identity has. They make a
    /// message better, and decide nothing.
    pub similar_owners: BTreeMap<OwnerRef, Vec<String>>,
    /// The declared sources, by name; none where there is none of the name.
    pub sources: BTreeMap<SourceName, Collection<Option<LiveSource>>>,
    /// All identity profiles: their names, the sources that hold them, and what their
    /// mappings read.
    pub profiles: Collection<Vec<ProfileHolder>>,
    /// The tenant's own user levels, read only where the spec uses a level that the
    /// catalog does not know.
    pub custom_levels: Collection<BTreeSet<UserLevel>>,
    /// Identities whose status was needed.
    pub identities: BTreeMap<IdentityId, Collection<Option<LiveIdentity>>>,
    /// Names of identities, where they were read with the levels.
    pub names: BTreeMap<IdentityId, IdentityNames>,
    /// The sources whose accounts made identities, where that was looked up to see which of
    /// them the identity profile of a source counts.
    pub makers: BTreeMap<IdentityId, SourceId>,
    /// The identities that have user names which accounts are to get, by the name as
    /// [`IdentityNames::folded`] writes it. Those that could not be read are left out.
    pub user_names: BTreeMap<String, NamedIdentity>,
    /// User levels, by identity.
    pub levels: BTreeMap<IdentityId, Collection<BTreeSet<UserLevel>>>,
    /// User levels of the identities of unmanaged accounts, where lists of holders that were
    /// read for others show them. They are for people: nothing is planned from them.
    pub listed_levels: BTreeMap<IdentityId, BTreeSet<UserLevel>>,
    /// All personal access tokens that the caller may see.
    pub tokens: Collection<Vec<LiveToken>>,
    /// How many requests the reading took.
    pub requests: u64,
    /// What the stores hold. Not read from the tenant.
    pub stores: StoreFacts,
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
    /// The authorities in the access token.
    pub authorities: BTreeSet<String>,
    /// Whether the access token says that it is an API client, which has no user.
    pub is_api_client: bool,
}

impl Caller {
    /// What people call it: the user name, else the identity, else the API client.
    pub fn name(&self) -> String {
        match (&self.user_name, &self.identity) {
            (Some(name), _) => name.clone(),
            (None, Some(identity)) => format!("identity {identity}"),
            (None, None) => format!("API client {}", self.client_id),
        }
    }
}
