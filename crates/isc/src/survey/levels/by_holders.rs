//! User levels from the lists of who holds them.

use crate::api::user_levels;
use crate::incomplete::unread;
use crate::transport::Client;
use futures::{StreamExt as _, stream};
use model::{IdentityId, Incomplete, IncompleteReason, TenantError, UserLevel};
use std::collections::{BTreeMap, BTreeSet};

/// What became of the lists. Only all of them together say anything: a holder
/// that one list lacks would look like somebody without the level.
#[derive(Debug)]
pub(super) enum Read {
    /// All came whole.
    Whole(BTreeMap<IdentityId, BTreeSet<UserLevel>>),
    /// One is not to be had, or not whole; the accounts may be read one by one.
    Refused(Incomplete),
    /// The tenant has stopped answering; asking for more would not help.
    Unanswered(Incomplete),
}

/// Reads who holds the levels that anybody holds, and keeps these identities.
pub(super) async fn read(
    client: &Client,
    counts: &BTreeMap<UserLevel, u64>,
    whose: &BTreeSet<&IdentityId>,
) -> Result<Read, TenantError> {
    let mut levels: BTreeMap<IdentityId, BTreeSet<UserLevel>> = whose
        .iter()
        .map(|identity| ((*identity).clone(), BTreeSet::new()))
        .collect();
    let mut held = counts.clone();
    held.retain(|_, holders| *holders > 0);
    let mut lists = stream::iter(held)
        .map(|(level, holders)| async move {
            let read = user_levels::holders(client, &level, holders).await;
            (level, read.or_else(unread))
        })
        .buffer_unordered(client.parallel());
    while let Some((level, holders)) = lists.next().await {
        let holders = holders?;
        match holders.complete() {
            Ok(holders) => {
                for identity in holders {
                    if let Some(levels) = levels.get_mut(identity) {
                        levels.insert(level.clone());
                    }
                }
            }
            Err(why) if why.reason == IncompleteReason::RetriesUsedUp => {
                return Ok(Read::Unanswered(why.clone()));
            }
            Err(why) => return Ok(Read::Refused(why.clone())),
        }
    }
    Ok(Read::Whole(levels))
}
