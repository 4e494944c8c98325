//! Raw type of a spec file: its top-level sections, and the tenant.

use super::{
    RawAccount, RawAccountProfile, RawDefaults, RawPolicy, RawReceiver, RawSource, RawStore,
    RawVariables,
};
use crate::code::Code;
use crate::decode::{FromScalar, List, Named, Refusal, Section, Text, record};
use crate::span::Spanned;
use schemars::JsonSchema;

record! {
    /// A steersman spec file. All files together are one spec: `tenant`,
    /// `variables`, `policy`, `notify` and `defaults` are allowed in one file only;
    /// `sources`, `stores`, `profiles` and `serviceAccounts` are merged.
    ///
    /// An omitted key means "not managed": a service account without
    /// `userLevels` keeps the levels it has. An empty list means "none".
    #[schemars(rename = "Document")]
    RawDocument as "a spec file" {
        /// Version of the spec format: `v1`.
        needed steersman as "steersman": Spanned<Version>,
        /// Address and credentials of the tenant. Omitted keys come from the
        /// environment variables `SAIL_BASE_URL`, `SAIL_CLIENT_ID` and
        /// `SAIL_CLIENT_SECRET`.
        optional tenant as "tenant": Section<RawTenant>,
        /// Values for `${NAME}` in all files, such as those that differ between
        /// tenants. `--var`, `--var-file` and the environment variable
        /// `STEERSMAN_VAR_NAME` override them.
        optional variables as "variables": Section<RawVariables>,
        /// Who gets notices of drift, failures and expiring tokens.
        optional notify as "notify": Section<List<RawReceiver>>,
        /// Sources of the service accounts.
        optional sources as "sources": Section<List<RawSource>>,
        /// Stores for token secrets, by names that you choose.
        optional stores as "stores": Section<Named<RawStore>>,
        /// Defaults of service accounts and tokens that do not set the key.
        optional defaults as "defaults": Section<RawDefaults>,
        /// Named defaults of service accounts, by names that you choose. An account takes
        /// one with `profile: NAME`; `defaults` are below it.
        optional profiles as "profiles": Section<Named<RawAccountProfile>>,
        /// Forbidden user levels and scopes, and limits on deletions.
        optional policy as "policy": Section<RawPolicy>,
        /// Service accounts.
        optional service_accounts as "serviceAccounts": Section<List<Box<RawAccount>>>,
    }
}

record! {
    /// Address and credentials of the tenant.
    #[schemars(rename = "Tenant")]
    RawTenant as "`tenant`" {
        /// API address of the tenant. The environment variable `SAIL_BASE_URL`, if
        /// set, must name the same.
        #[schemars(example = &"https://acme.api.identitynow.com")]
        optional base_url as "baseUrl": Text,
        /// Client ID of the personal access token (PAT) that steersman uses.
        #[schemars(example = &"${SAIL_CLIENT_ID}")]
        optional client_id as "clientId": Text,
        /// Secret of that token. Must be a variable, not the secret itself.
        #[schemars(example = &"${SAIL_CLIENT_SECRET}")]
        optional client_secret as "clientSecret": Text,
    }
}

impl RawDocument {
    /// How many accounts it has.
    pub(crate) fn accounts(&self) -> usize {
        let section = self.service_accounts.as_ref();
        let list = section.and_then(|section| section.content.as_ref());
        list.map_or(0, |list| list.items.len())
    }
}

/// Version of the spec format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
pub(crate) enum Version {
    /// The only supported version.
    #[schemars(rename = "v1")]
    V1,
}

impl FromScalar for Version {
    fn expected() -> String {
        "`v1`".to_owned()
    }

    fn from_scalar(text: &str) -> Result<Self, Refusal> {
        match text {
            "v1" => Ok(Self::V1),
            // Written without the letter, or with another one.
            "1" | "V1" | "1.0" | "v1.0" => Err(Refusal::Instead {
                code: Code::Version,
                expected: "`v1`".to_owned(),
                instead: "v1".to_owned(),
            }),
            _ => Err(Refusal::Wrong {
                code: Code::Version,
                expected: "`v1`".to_owned(),
                help:
                    "write `steersman: v1`, or update steersman if the file needs a later version"
                        .to_owned(),
            }),
        }
    }
}
