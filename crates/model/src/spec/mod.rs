//! Desired state: the YAML files, parsed and validated.

pub(crate) mod account;
pub(crate) mod delivered_form;
pub(crate) mod notify;
pub(crate) mod policy;
pub(crate) mod ready_made;
pub(crate) mod rotation;
pub(crate) mod source;
pub(crate) mod store;
pub(crate) mod token;
pub(crate) mod window;

use crate::{
    AccountKey, AccountSpec, Digest, NoticeReceiver, Policy, SourceName, SourceSpec, StoreName,
    StoreSpec,
};
use secrecy::SecretString;
use serde::Serialize;
use std::collections::BTreeMap;

/// The desired state. The `spec` crate creates it only after every offline check
/// has passed, so no other code repeats the checks.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Spec {
    /// How to reach the tenant, where the files declare it. Not part of the digest.
    #[serde(skip)]
    pub tenant: TenantSettings,
    /// Who gets notices. Not part of the digest.
    #[serde(skip)]
    pub notify: Vec<NoticeReceiver>,
    /// The sources, by name.
    pub sources: BTreeMap<SourceName, SourceSpec>,
    /// The stores, by name.
    pub stores: BTreeMap<StoreName, StoreSpec>,
    /// The limits that apply to all.
    pub policy: Policy,
    /// The service accounts, by key.
    pub accounts: BTreeMap<AccountKey, AccountSpec>,
}

impl Spec {
    /// A digest of all that is declared, without tenant address and credentials.
    pub fn digest(&self) -> Digest {
        Digest::of(self)
    }

    /// The accounts declared on a source.
    pub fn accounts_of<'a>(
        &'a self,
        source: &'a SourceName,
    ) -> impl Iterator<Item = &'a AccountSpec> {
        self.accounts
            .values()
            .filter(move |account| &account.source == source)
    }
}

/// How to reach the tenant, as far as the files declare it; the `SAIL_*` variables
/// are the defaults.
#[derive(Clone, Debug, Default)]
pub struct TenantSettings {
    /// The API address, such as `https://acme.api.identitynow.com`.
    pub base_url: Option<String>,
    /// Where a file declares the address, as `FILE:LINE:COLUMN`.
    pub declared_at: Option<String>,
    /// The id of the personal access token that steersman runs as.
    pub client_id: Option<String>,
    /// Its secret; the files may only contain a variable.
    pub client_secret: Option<SecretString>,
}
