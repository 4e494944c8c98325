//! Identities that a filter can match, looked up by index.

use crate::collection::CollectionQuery;
use crate::tenant::{Identity, Tenant};

/// The identities that the filter names by id or alias, otherwise all; ordered by id.
///
/// The filter is evaluated on them afterwards, so there may be more than it matches.
pub(super) fn candidates<'a>(tenant: &'a Tenant, query: &CollectionQuery) -> Vec<&'a Identity> {
    let mut found: Vec<&Identity> = if let Some(ids) = query.one_of("id") {
        ids.into_iter()
            .filter_map(|id| tenant.identities.get(id))
            .collect()
    } else if let Some(aliases) = query.one_of("alias") {
        aliases
            .into_iter()
            .filter_map(|alias| tenant.identities.by_alias(alias))
            .collect()
    } else {
        return tenant.identities.all().collect();
    };
    found.sort_by_key(|identity| &identity.id);
    found.dedup_by_key(|identity| &identity.id);
    found
}
