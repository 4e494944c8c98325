//! Reads user levels again, shortly before they are written.

use super::by_holders;
use super::choice::pages;
use crate::api::user_levels;
use crate::incomplete::unread;
use crate::transport::Client;
use model::{IdentityId, TenantError, UserLevel};
use std::collections::{BTreeMap, BTreeSet};

/// The levels of these identities by the lists of holders; none where the lists take no
/// fewer requests than the identities, or are not complete.
pub(crate) async fn listed_levels(
    client: &Client,
    identities: &BTreeSet<IdentityId>,
) -> Result<Option<BTreeMap<IdentityId, BTreeSet<UserLevel>>>, TenantError> {
    // Those that the survey counted: SailPoint's, and the tenant's own.
    let all = client.known_levels();
    let counting = all.len().div_ceil(user_levels::COUNTED_AT_ONCE);
    if all.is_empty() || identities.len() <= counting + 1 {
        return Ok(None);
    }
    let counts = user_levels::counts(client, &all.iter().collect())
        .await
        .or_else(unread)?;
    let alone = u64::try_from(identities.len()).unwrap_or(u64::MAX);
    let Some(counts) = counts
        .complete()
        .ok()
        .filter(|counts| pages(counts) < alone)
    else {
        return Ok(None);
    };
    let read = by_holders::read(client, counts, &identities.iter().collect()).await?;
    Ok(match read {
        by_holders::Read::Whole(levels) => Some(levels),
        by_holders::Read::Refused(_) | by_holders::Read::Unanswered(_) => None,
    })
}
