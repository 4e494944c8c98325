//! Whether other facts agree with the list of a source's accounts.

use crate::{
    Aggregations, Agreement, Collection, IdentityId, LiveAccount, LiveProfile, LiveSource, Witness,
};
use std::collections::BTreeSet;

/// What is known of a source beside the list of its accounts.
#[derive(Clone, Copy, Debug)]
pub struct Witnesses<'a> {
    /// How many identities its profile has; none where that is not known.
    pub identities: Option<u64>,
    /// Its aggregations.
    pub aggregations: &'a Aggregations,
    /// Whether ISC says that it has never read the source.
    pub never_read: bool,
}

impl LiveSource {
    /// Whether other facts agree with the list of its accounts, which must be complete.
    /// `foreign` are identities that its profile did not make.
    pub fn agreement(&self, accounts: &[LiveAccount], foreign: &BTreeSet<IdentityId>) -> Agreement {
        let identities = match &self.profile {
            Collection::Complete(Some(LiveProfile { identity_count, .. })) => *identity_count,
            Collection::Complete(None) | Collection::Partial { .. } => None,
        };
        let witnesses = Witnesses {
            identities,
            aggregations: &self.aggregations,
            never_read: self.never_read,
        };
        witnesses.agreement(accounts, foreign)
    }
}

impl Witnesses<'_> {
    /// Whether they agree with a list of accounts, which must be complete. `foreign` are
    /// identities that the profile of the source did not make.
    ///
    /// The identity profile counts the identities that it made of the accounts, so each of
    /// them should have an account in the list. Those of accounts that were deleted lately
    /// can still exist, and an account can have an identity of another profile or none, so
    /// that alone does not confirm a list. The last aggregation counted the accounts
    /// themselves. It does not know of accounts that were deleted since, one by one;
    /// such a list needs approval, because it cannot be told from a short one.
    pub fn agreement(self, accounts: &[LiveAccount], foreign: &BTreeSet<IdentityId>) -> Agreement {
        let Self {
            identities,
            aggregations,
            never_read,
        } = self;
        let last = match aggregations {
            Aggregations::Read(last) => *last,
            Aggregations::NotAsked | Aggregations::Unread(_) => None,
        };
        let listed = number(accounts.len());
        let owners: BTreeSet<_> = accounts
            .iter()
            .filter_map(|account| account.identity.as_ref())
            .filter(|identity| !foreign.contains(*identity))
            .collect();
        // As many accounts can have been added as were deleted.
        let explained = last.map_or(0, |last| {
            last.deleted_lately.min(last.without_account.unwrap_or(0))
        });
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
        match aggregations {
            // ISC says itself that it has never read an account.
            _ if never_read => Agreement::Agrees,
            Aggregations::NotAsked | Aggregations::Read(Some(_)) => Agreement::Agrees,
            Aggregations::Read(None) => Agreement::NotKnown(
                "ISC has no record of an aggregation of it in the last 90 days".to_owned(),
            ),
            Aggregations::Unread(why) => {
                Agreement::NotKnown(format!("its aggregations could not be read: {why}"))
            }
        }
    }
}

fn number(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
