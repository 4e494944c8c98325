//! Observed account of a source.

use crate::{AccountAttribute, AccountId, AccountName, Fingerprint, IdentityId, NativeIdentity};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// An account as ISC has aggregated it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveAccount {
    /// ISC's id for it.
    pub id: AccountId,
    /// Its id on the source.
    pub native_identity: NativeIdentity,
    /// Its name.
    pub name: AccountName,
    /// Its cells, by attribute, as text: the next import has to repeat them.
    /// An attribute without a value is left out.
    pub cells: BTreeMap<AccountAttribute, String>,
    /// The attributes that have several values. Their cells have them with commas
    /// between, which an import does not take for several values.
    pub several: BTreeSet<AccountAttribute>,
    /// The identity that it belongs to; none while it is uncorrelated.
    pub identity: Option<IdentityId>,
    /// Whether a person correlated it by hand; none where ISC does not say.
    pub manually_correlated: Option<bool>,
    /// Whether ISC classifies it as a machine account; none where ISC does not say.
    pub is_machine: Option<bool>,
    /// When ISC first aggregated it; none where ISC does not say.
    pub created: Option<Timestamp>,
}

impl LiveAccount {
    /// The digest of what an import can change.
    pub fn fingerprint(&self) -> Fingerprint {
        let Self {
            // ISC's own, and its copy of a cell.
            id: _,
            name: _,
            native_identity,
            cells,
            several,
            // Correlation changes it, not an import.
            identity: _,
            manually_correlated: _,
            is_machine: _,
            // It never changes.
            created: _,
        } = self;
        Fingerprint::of(&(native_identity, cells, several))
    }
}
