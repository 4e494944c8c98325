//! Whether other facts agree with the list of a source's accounts.

use crate::{Aggregations, Agreement, Collection, LiveAccount, LiveProfile, LiveSource, Witness};
use std::collections::BTreeSet;

impl LiveSource {
    /// Whether other facts agree with the list of its accounts, which must be complete.
    ///
    /// The identity profile counts the identities that the accounts have, so each of
    /// them should have an account in the list. Identities of accounts that were
    /// deleted lately can still exist, and an account can have an identity of another
    /// profile, so that alone shows little. The last aggregation counted the accounts
    /// themselves. It does not know of accounts that were deleted since, one by one;
    /// such a list needs approval, because it cannot be told from a short one.
    pub fn agreement(&self, accounts: &[LiveAccount]) -> Agreement {
        let identities = match &self.profile {
            Collection::Complete(Some(LiveProfile { identity_count, .. })) => *identity_count,
            Collection::Complete(None) | Collection::Partial { .. } => None,
        };
        let last = match &self.aggregations {
            Aggregations::Read(last) => *last,
            Aggregations::NotAsked | Aggregations::Unread(_) => None,
        };
        let listed = number(accounts.len());
        let owners: BTreeSet<_> = accounts
            .iter()
            .filter_map(|account| account.identity.as_ref())
            .collect();
        let explained = last.map_or(0, |last| last.deleted_lately);
        let by_identities = identities.map_or(0, |identities| {
            identities
                .saturating_sub(number(owners.len()))
                .saturating_sub(explained)
        });
        let by_aggregation = last.map_or(0, |last| last.total.saturating_sub(listed));
        if let Some(total) = last.map(|last| last.total)
            && by_aggregation > 0
            && by_aggregation >= by_identities
        {
            return Agreement::Short {
                missing: by_aggregation,
                witness: Witness::Aggregation(total),
            };
        }
        if let Some(count) = identities
            && by_identities > 0
        {
            return Agreement::Short {
                missing: by_identities,
                witness: Witness::Identities(count),
            };
        }
        match (&self.aggregations, identities) {
            // ISC says itself that it has never read an account.
            _ if self.never_read => Agreement::Agrees,
            (Aggregations::NotAsked | Aggregations::Read(Some(_)), _) => Agreement::Agrees,
            (_, Some(count)) if count > 0 => Agreement::Agrees,
            (Aggregations::Read(None), _) => Agreement::NotKnown(
                "it has no identities, and ISC has no record of an aggregation in the last 90 days"
                    .to_owned(),
            ),
            (Aggregations::Unread(why), _) => Agreement::NotKnown(format!(
                "it has no identities, and its aggregations could not be read: {why}"
            )),
        }
    }
}

fn number(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
