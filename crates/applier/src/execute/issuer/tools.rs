//! What the replacement of an issuer token works with: tenant, stores, journal.

use crate::journal::Journal;
use crate::stores::Stores;
use jiff::Timestamp;

/// What a replacement works with.
pub(super) struct Tools<'a, T> {
    pub(super) tenant: &'a T,
    pub(super) stores: &'a Stores,
    pub(super) journal: &'a Journal,
    /// When the tenant was read, by its clock.
    pub(super) since: Timestamp,
    /// Where notices go.
    pub(super) notice: &'a (dyn Fn(String) + Sync),
}
