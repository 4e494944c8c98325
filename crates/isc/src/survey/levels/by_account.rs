//! Reads user levels one identity at a time.

use crate::api::auth_users;
use crate::incomplete::unread;
use crate::transport::Client;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use model::{Collection, IdentityId, IncompleteReason, LiveUser, TenantError};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};

/// After this many failures in a row, each after all its attempts, the rest is not
/// read: it would take hours and fail, too.
const ENOUGH: u32 = 8;

/// Reads all levels of each of these identities, and their names.
pub(super) async fn read(
    client: &Client,
    whose: BTreeSet<IdentityId>,
) -> Result<BTreeMap<IdentityId, Collection<LiveUser>>, TenantError> {
    let unanswered = AtomicU32::new(0);
    let unanswered = &unanswered;
    stream::iter(whose)
        .map(|identity| async move {
            let read = if unanswered.load(Ordering::Relaxed) >= ENOUGH {
                Collection::unread(
                    IncompleteReason::RetriesUsedUp,
                    "not read, because the tenant did not respond for the identities before",
                )
            } else {
                let read = auth_users::read(client, &identity)
                    .await
                    .map(Collection::Complete)
                    .or_else(unread)?;
                match read.complete() {
                    Err(why) if why.reason == IncompleteReason::RetriesUsedUp => {
                        unanswered.fetch_add(1, Ordering::Relaxed);
                    }
                    _ => unanswered.store(0, Ordering::Relaxed),
                }
                read
            };
            Ok((identity, read))
        })
        .buffer_unordered(client.parallel())
        .try_collect()
        .await
}
