//! Problem of a spec that only the tenant shows, such as an unknown owner.

use crate::Address;
use serde::Serialize;

/// A part of the spec that is invalid for this tenant, such as an owner that does
/// not exist. A plan with problems is not applied.
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
    /// The problem, in one sentence without a final period.
    pub message: String,
    /// The fix.
    pub help: String,
}
