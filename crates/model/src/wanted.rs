//! What has to be read of a tenant before a spec can be planned.

use crate::{AccountKey, AccountName, NativeIdentity, OwnerRef, SourceName, UserLevel};
use std::collections::{BTreeMap, BTreeSet};

/// The reading list. Made by the planner from the spec, carried out by `isc`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Owners that have to be found.
    pub owners: BTreeSet<OwnerRef>,
    /// Sources that are declared.
    pub sources: BTreeMap<SourceName, WantedSource>,
    /// Service accounts that are declared.
    pub accounts: BTreeMap<AccountKey, WantedAccount>,
    /// The levels that SailPoint makes, by the catalogue. Together with the
    /// tenant's own they are all levels that anybody can hold, which is what
    /// makes lists of holders say as much as the accounts themselves.
    pub known_levels: BTreeSet<UserLevel>,
    /// Declared levels that the catalogue does not know, and that may be the
    /// tenant's own.
    pub unknown_levels: BTreeSet<UserLevel>,
    /// Whether the list of personal access tokens is needed at all.
    pub tokens: bool,
}

/// What is wanted of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedSource {
    /// Whether its settings, schema and identity profile are needed.
    pub managed: bool,
    /// Whether user levels of accounts that no file declares are needed too,
    /// because they will be deleted.
    pub undeclared_levels: bool,
}

/// What is wanted of a declared service account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedAccount {
    /// The source it is on.
    pub source: SourceName,
    /// Its id on the source, where the spec knows it; else it is found by name.
    pub native_identity: Option<NativeIdentity>,
    /// Its name.
    pub name: AccountName,
    /// Whether its identity's status is needed (not registered as far as is known).
    pub identity: bool,
    /// The user levels that its identity is to hold; none where its levels are
    /// not needed. A difference that only a list shows is looked at again at the
    /// account itself, and for that it has to be known what is no difference.
    pub levels: Option<BTreeSet<UserLevel>>,
}
