//! Reads that a spec needs from a tenant before it can be planned.

use crate::{
    AccountAttribute, AccountKey, AccountName, IssuerLife, IssuerOrigin, NativeIdentity, OwnerRef,
    Previously, SourceId, SourceName, TokenId, UserLevel,
};
use std::collections::{BTreeMap, BTreeSet};

/// The list of reads, made by the planner from the spec and executed by `isc`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Owners to look up.
    pub owners: BTreeSet<OwnerRef>,
    /// Sources that are declared.
    pub sources: BTreeMap<SourceName, WantedSource>,
    /// Service accounts that are declared.
    pub accounts: BTreeMap<AccountKey, WantedAccount>,
    /// The levels that SailPoint defines, by the catalog. Together with the tenant's
    /// own they are all levels that exist, so lists of holders are as complete as
    /// the levels of each account.
    pub known_levels: BTreeSet<UserLevel>,
    /// Declared levels that the catalog does not know, and that may be the tenant's
    /// own.
    pub unknown_levels: BTreeSet<UserLevel>,
    /// Whether the list of personal access tokens is needed at all.
    pub tokens: bool,
    /// Sources whose accounts no step of the run leaves in motion: a list of them that the
    /// run has read lately is taken over.
    pub settled: BTreeSet<SourceId>,
}

/// What is wanted of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedSource {
    /// Whether its settings, schema and identity profile are needed.
    pub managed: bool,
    /// Whether user levels of unmanaged accounts are needed, too, because these
    /// accounts will be deleted.
    pub undeclared_levels: bool,
    /// What its identity profile is declared to make the user name from. Where the
    /// profile has changes that are not applied to its identities, or gets another mapping
    /// of it, the identities of all accounts are read.
    pub uid: Option<AccountAttribute>,
}

/// What is wanted of a declared service account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedAccount {
    /// The source it is on.
    pub source: SourceName,
    /// Its id on the source, where the spec has it; else it is looked up by name.
    pub native_identity: Option<NativeIdentity>,
    /// Its name. Without an id, it is looked up as [`crate::AccountsByWord`] does.
    pub name: AccountName,
    /// Its id and name before a rename. Levels and status of the identity that it had
    /// then are read, too, because ISC may let it keep that identity.
    pub previously: Previously,
    /// Whether its identity's status is needed (not registered as far as is known).
    pub status: WantedStatus,
    /// The declared user levels; none where its levels are not needed. Where lists of
    /// holders differ from them, the identity itself is read.
    pub levels: Option<BTreeSet<UserLevel>>,
}

/// When the status of an account's identity is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WantedStatus {
    /// Never.
    No,
    /// Always.
    Yes,
    /// Unless the identity has this issuer token, which shows that it is registered, and
    /// nothing asks to replace it. It is replaced only where the identity is seen to be the
    /// account's own.
    WithoutIssuer {
        /// The token.
        token: TokenId,
        /// Who created it.
        origin: IssuerOrigin,
        /// How long issuer tokens of the account are declared to be valid.
        life: Option<IssuerLife>,
    },
}
