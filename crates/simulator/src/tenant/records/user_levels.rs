//! Custom user levels that the tenant defines itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A user level that the tenant defines itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct CustomUserLevel {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) owner: String,
    pub(crate) right_sets: Vec<String>,
    pub(crate) published: bool,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
}

impl CustomUserLevel {
    pub(crate) fn status(&self) -> &'static str {
        if self.published { "ACTIVE" } else { "DRAFT" }
    }
}
