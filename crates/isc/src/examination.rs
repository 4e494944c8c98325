//! Facts about a credential and its tenant, for `doctor`.

use crate::BaseUrl;
use crate::Reader;
use crate::api::personal_access_tokens::{self, Owner};
use model::{Collection, IdentityId, LiveToken, TenantError};
use std::collections::BTreeSet;

/// What an access token says of the credential that it was granted to. A field that the
/// token does not have is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Whether the token says that it belongs to an API client, which has no user.
    pub is_api_client: bool,
    /// The identity of the user.
    pub identity: Option<IdentityId>,
    /// The name of the user.
    pub user_name: Option<String>,
    /// The user levels.
    pub levels: Option<BTreeSet<String>>,
    /// The scopes.
    pub scopes: Option<BTreeSet<String>>,
}

/// A read that can be tried: it needs no id of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Probe {
    /// The sources.
    Sources,
    /// The identity profiles.
    Profiles,
    /// The accounts.
    Accounts,
    /// The identities.
    Identities,
    /// The tasks.
    Tasks,
    /// The personal access tokens of all users.
    Tokens,
    /// The tenant's own user levels.
    CustomLevels,
}

impl Probe {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Sources,
        Self::Profiles,
        Self::Accounts,
        Self::Identities,
        Self::Tasks,
        Self::Tokens,
        Self::CustomLevels,
    ];

    /// The operation, as the catalog writes it.
    pub fn call(self) -> &'static str {
        match self {
            Self::Sources => "GET /sources/v1",
            Self::Profiles => "GET /identity-profiles/v1",
            Self::Accounts => "GET /accounts/v1",
            Self::Identities => "GET /identities/v1",
            Self::Tasks => "GET /task-status/v1",
            Self::Tokens => "GET /personal-access-tokens/v1",
            Self::CustomLevels => "GET /authorization/v1/custom-user-levels",
        }
    }

    pub(crate) fn path(self) -> &'static [&'static str] {
        match self {
            Self::Sources => &["sources", "v1"],
            Self::Profiles => &["identity-profiles", "v1"],
            Self::Accounts => &["accounts", "v1"],
            Self::Identities => &["identities", "v1"],
            Self::Tasks => &["task-status", "v1"],
            Self::Tokens => &["personal-access-tokens", "v1"],
            Self::CustomLevels => &["authorization", "v1", "custom-user-levels"],
        }
    }
}

impl Reader {
    /// Whether a tenant answers at the address. Sends no credential. Returns the address
    /// of the API that the host names, if another.
    pub async fn reach(&self) -> Result<Option<BaseUrl>, TenantError> {
        self.client.reach().await
    }

    /// Signs in, and returns what the access token says.
    pub async fn examine(&self) -> Result<Signed, TenantError> {
        self.client.examine().await
    }

    /// Makes a read of which only the form is looked at.
    pub async fn probe(&self, probe: Probe) -> Result<(), TenantError> {
        self.client.probe(probe).await
    }

    /// The personal access tokens of the user who is signed in, as far as they were read.
    pub async fn own_tokens(
        &self,
        user: &IdentityId,
    ) -> Result<Collection<Vec<LiveToken>>, TenantError> {
        let credential = &self.client.config().credential;
        personal_access_tokens::list(&self.client, Owner::Own(user, credential)).await
    }
}
