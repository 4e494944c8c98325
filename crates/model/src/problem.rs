//! A problem that only the tenant could show.

use crate::Address;
use serde::Serialize;

/// Something in the spec that cannot be carried out at this tenant, such as an
/// owner who does not exist. A plan with problems is not applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// A stable code, such as `SM0901`.
    pub code: &'static str,
    /// What the problem is about; with `field` it leads to a place in a file.
    pub address: Address,
    /// The key in the spec, such as `owner`; for one item of a list `key=item`,
    /// such as `userLevels=AUDITOR`.
    pub field: Option<String>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: String,
}
