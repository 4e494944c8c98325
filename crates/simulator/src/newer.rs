//! Operations that the catalog's description does not have: newer ones, and one of older roots.
//!
//! SailPoint's SDKs call them. Scopes and levels are what their texts say, or those of the version
//! before.

use catalog::{Method, Operation};

/// The search of events, which only older roots have: `POST /v3/search/events`.
pub(crate) const SEARCH_EVENTS: &str = "searchEvents";

const READS_IDENTITIES: &[&str] = &["idn:identity:manage", "idn:identity:read"];

static NEWER: [Operation; 7] = [
    operation(
        "listIdentitiesV2",
        Method::Get,
        "/identities/v2",
        READS_IDENTITIES,
        &[],
        true,
    ),
    operation(
        "getIdentityV2",
        Method::Get,
        "/identities/v2/{id}",
        READS_IDENTITIES,
        &[],
        true,
    ),
    operation(
        "getPublicIdentitiesVisibleAttributesV2",
        Method::Get,
        "/public-identities/v2/visible-attributes",
        &[catalog::SCOPE_DEFAULT],
        &[],
        true,
    ),
    operation(
        "searchPublicIdentitiesV2",
        Method::Post,
        "/public-identities/v2/search",
        &[catalog::SCOPE_DEFAULT],
        &[],
        true,
    ),
    operation(
        "updateBulkPersonalAccessTokensV1",
        Method::Patch,
        "/personal-access-tokens/v1/bulk-update",
        UPDATES_TOKENS,
        &[catalog::ORG_ADMIN],
        false,
    ),
    operation(
        "postBulkPersonalAccessTokensV1",
        Method::Post,
        "/personal-access-tokens/v1/bulk-update",
        UPDATES_TOKENS,
        &[catalog::ORG_ADMIN],
        false,
    ),
    operation(
        SEARCH_EVENTS,
        Method::Post,
        "/search/v1/events",
        &["sp:search:read"],
        &[catalog::ORG_ADMIN, "REPORT_ADMIN"],
        false,
    ),
];

const UPDATES_TOKENS: &[&str] = &["idn:all-personal-access-tokens:update"];

const fn operation(
    id: &'static str,
    method: Method,
    path: &'static str,
    scopes: &'static [&'static str],
    levels: &'static [&'static str],
    experimental: bool,
) -> Operation {
    Operation {
        path,
        method,
        id,
        scopes,
        levels,
        experimental,
        application_auth: false,
        deprecated: false,
        scopes_unstated: false,
        levels_unstated: false,
    }
}

/// All operations that the simulator knows: the catalog's, and those that it does not have.
pub(crate) fn operations() -> impl Iterator<Item = &'static Operation> {
    catalog::operations().iter().chain(&NEWER)
}
