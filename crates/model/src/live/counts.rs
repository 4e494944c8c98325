//! Number of accounts that a source should have, by other facts than the list of its accounts.
//!
//! A list can be short or empty and look complete, each time it is read. An import that
//! resends such a list deletes the accounts that it lacks, so another fact has to agree.

use crate::{Collection, Incomplete, LiveAccount, LiveProfile, LiveSource};
use std::collections::BTreeSet;

/// The account aggregations of a source, as far as they were looked up. They are
/// looked up only where a plan imports accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Aggregations {
    /// Not looked up.
    #[default]
    NotAsked,
    /// Could not be read.
    Unread(Incomplete),
    /// Read; none where ISC remembers no aggregation that succeeded.
    Read(Option<LastAggregation>),
}

/// The last aggregation of a source that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastAggregation {
    /// How many accounts it read.
    pub total: u64,
    /// How many accounts the aggregations of the last days deleted. Their identities
    /// can still exist.
    pub deleted_lately: u64,
}

/// What shows that a list of accounts is short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witness {
    /// How many identities belong to the identity profile of the source.
    Identities(u64),
    /// How many accounts the last aggregation read.
    Aggregation(u64),
}

/// Whether other facts agree with a list of accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// They do.
    Agrees,
    /// The list lacks at least so many accounts.
    Short {
        /// How many.
        missing: u64,
        /// What shows it.
        witness: Witness,
    },
    /// No other fact is known; the text is the reason.
    NotKnown(String),
}

impl LiveSource {
    /// Whether other facts agree with the list of its accounts, which must be complete.
    ///
    /// The identity profile counts the identities that the accounts have, so each of
    /// them should have an account in the list. Identities of accounts that were
    /// deleted lately can still exist. Accounts without an identity show only in the
    /// last aggregation. It does not count accounts that were deleted since, one by
    /// one, so it is used only where the identities say nothing about such accounts.
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
        let have_identity = accounts
            .iter()
            .filter(|account| account.identity.is_some())
            .count();
        let explained = last.map_or(0, |last| last.deleted_lately);
        let by_identities = identities.map_or(0, |identities| {
            identities
                .saturating_sub(number(owners.len()))
                .saturating_sub(explained)
        });
        let needs_aggregation =
            identities.is_none_or(|count| count == 0) || have_identity < accounts.len();
        let by_aggregation = last
            .filter(|_| needs_aggregation)
            .map_or(0, |last| last.total.saturating_sub(listed));
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
