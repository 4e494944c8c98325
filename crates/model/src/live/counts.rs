//! Number of accounts that a source should have, by other facts than the list of its accounts.
//!
//! A list can be short or empty and look complete, each time it is read. An import that
//! resends such a list deletes the accounts that it lacks, so another fact has to agree.

use crate::Incomplete;

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
    /// How many identities without an account the tenant has, those among them that still
    /// exist; none where that was not needed or could not be read.
    pub without_account: Option<u64>,
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
