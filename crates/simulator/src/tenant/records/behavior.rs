//! What some tenants do and others do not: settings of the simulated tenant itself.

use serde::{Deserialize, Serialize};

/// The settings; each of them is off in a new tenant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct Behavior {
    /// An account that is named like an identity which is there already becomes an account of that
    /// identity, and no identity of its own is made.
    pub(crate) correlate_by_name: bool,
    /// Email addresses of identities are kept in lower case.
    pub(crate) lower_case_email: bool,
}
