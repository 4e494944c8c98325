//! Authorization of every call: access token, scopes and user levels.
//!
//! Each operation of the catalog, simulated or not, is checked here and only here.

use axum::http::HeaderMap;
use catalog::Operation;

use crate::errors::Refusal;
use crate::routing;
use crate::tenant::{Caller, Tenant};

/// The header that experimental operations demand.
const EXPERIMENTAL: &str = "x-sailpoint-experimental";

/// Why a call is not authorized.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Denial {
    /// 401, with ISC's words for it.
    Unauthenticated(&'static str),
    /// Anything that comes in ISC's usual error body.
    Refused(Refusal),
}

/// Tells who calls, by the bearer token.
pub(crate) fn authenticate(tenant: &Tenant, headers: &HeaderMap) -> Result<Caller, Denial> {
    let token = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    match token {
        None => Err(Denial::Unauthenticated(
            "JWT validation failed: JWT is missing",
        )),
        Some(token) => tenant.authenticate(token).map_err(Denial::Unauthenticated),
    }
}

/// Checks scopes, user levels and the header of experimental operations, by the catalog.
///
/// Scopes and levels are asked separately, so a scope that no level of the caller can use has no
/// effect, as in ISC. A client without a user may call what the catalog allows applications, by
/// its scopes alone.
pub(crate) fn authorize(
    tenant: &Tenant,
    caller: &Caller,
    operation: &Operation,
    path: &str,
    headers: &HeaderMap,
) -> Result<(), Denial> {
    let refused = |refusal| Err(Denial::Refused(refusal));
    // What every user may do anyway needs no scope of its own.
    let is_open = caller.identity.is_some() && operation.scopes.contains(&catalog::SCOPE_DEFAULT);
    if !is_open && !operation.opened_by(&caller.scopes) {
        return refused(Refusal::forbidden());
    }
    let allowed = match &caller.identity {
        None => operation.application_auth,
        Some(identity) => tenant
            .identity(identity)
            .is_ok_and(|identity| operation.callable_at(&identity.levels)),
    };
    if !allowed {
        return refused(Refusal::forbidden());
    }
    if operation.experimental
        && !routing::is_before_experimental_header(path)
        && headers
            .get(EXPERIMENTAL)
            .is_none_or(|value| !value.as_bytes().eq_ignore_ascii_case(b"true"))
    {
        return refused(Refusal::bad_request(
            "Experimental Header 'X-SailPoint-Experimental' is missing or invalid",
        ));
    }
    Ok(())
}
