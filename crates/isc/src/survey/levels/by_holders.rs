//! Reads user levels from the lists of their holders.

use crate::api::user_levels;
use crate::incomplete::unread;
use crate::transport::Client;
use futures::{StreamExt as _, stream};
use model::{IdentityId, Incomplete, IncompleteReason, TenantError, UserLevel};
use std::collections::{BTreeMap, BTreeSet};

/// The result of reading the lists. Only all of them together are evidence: a
/// holder that a list lacks would seem to be without the level.
#[derive(Debug)]
pub(super) enum Read {
    /// All are complete.
    Whole(BTreeMap<IdentityId, BTreeSet<UserLevel>>),
    /// One cannot be read, or is partial; the accounts may be read one by one.
    Refused(Incomplete),
    /// The tenant has stopped responding; more requests would fail, too.
    Unanswered(Incomplete),
}

/// Reads the holders of all levels that are held, and keeps these identities.
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
