//! One file as a whole.

use super::{RawAccount, RawDefaults, RawPolicy, RawSource, RawStore};
use crate::code::Code;
use crate::decode::{FromScalar, List, Named, Refusal, Section, Text, record};
use crate::span::Spanned;
use schemars::JsonSchema;

record! {
    /// A file of a steersman spec. All files of a repository together are one
    /// spec: `tenant`, `policy` and `defaults` stand in one of them at most,
    /// `sources`, `stores` and `serviceAccounts` are joined.
    ///
    /// Left out means "not managed": a service account without `userLevels`
    /// keeps the levels it has. An empty list means "none".
    #[schemars(rename = "Document")]
    RawDocument as "a spec file" {
        /// The version of the language: `v1`.
        required steersman as "steersman": Spanned<Version>,
        /// How to reach the tenant. What is left out comes from the variables
        /// `SAIL_BASE_URL`, `SAIL_CLIENT_ID` and `SAIL_CLIENT_SECRET`.
        optional tenant as "tenant": Section<RawTenant>,
        /// The sources that service accounts are on.
        optional sources as "sources": Section<List<RawSource>>,
        /// Where the secrets of tokens are kept, by names of your own.
        optional stores as "stores": Section<Named<RawStore>>,
        /// What holds for every service account and token that says nothing else.
        optional defaults as "defaults": Section<RawDefaults>,
        /// What no service account may have, and how much one run may take away.
        optional policy as "policy": Section<RawPolicy>,
        /// The service accounts.
        optional service_accounts as "serviceAccounts": Section<List<RawAccount>>,
    }
}

record! {
    /// How to reach the tenant.
    #[schemars(rename = "Tenant")]
    RawTenant as "the tenant" {
        /// The API address.
        #[schemars(example = &"https://acme.api.identitynow.com")]
        optional base_url as "baseUrl": Text,
        /// The id of the personal access token that steersman runs as.
        #[schemars(example = &"${SAIL_CLIENT_ID}")]
        optional client_id as "clientId": Text,
        /// The secret of that token: always a variable, never the secret itself.
        #[schemars(example = &"${SAIL_CLIENT_SECRET}")]
        optional client_secret as "clientSecret": Text,
    }
}

/// The version of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
pub(crate) enum Version {
    /// The only one so far.
    #[schemars(rename = "v1")]
    V1,
}

impl FromScalar for Version {
    fn expected() -> String {
        "the version `v1`".to_owned()
    }

    fn from_scalar(text: &str) -> Result<Self, Refusal> {
        match text {
            "v1" => Ok(Self::V1),
            _ => Err(Refusal::Wrong {
                code: Code::Version,
                message: "expected the version `v1`".to_owned(),
                help: "write `steersman: v1`; a later version needs a later steersman".to_owned(),
            }),
        }
    }
}
