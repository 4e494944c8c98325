//! Problem of a spec that only the tenant shows, such as an unknown owner.

use crate::Address;
use serde::Serialize;

/// A part of the spec that does not fit this tenant, such as an owner that does not
/// exist.
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
    /// What it prevents.
    pub effect: ProblemEffect,
}

/// What a problem prevents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ProblemEffect {
    /// The whole plan is refused.
    RefusesPlan,
    /// Only what the problem is about is blocked; the rest of the plan goes on.
    BlocksField,
    /// Nothing: it is a warning.
    Warns,
}

impl Problem {
    /// Whether the whole plan is refused because of it.
    pub fn refuses_plan(&self) -> bool {
        match self.effect {
            ProblemEffect::RefusesPlan => true,
            ProblemEffect::BlocksField | ProblemEffect::Warns => false,
        }
    }

    /// Whether it is a warning, which prevents nothing.
    pub fn is_warning(&self) -> bool {
        match self.effect {
            ProblemEffect::Warns => true,
            ProblemEffect::RefusesPlan | ProblemEffect::BlocksField => false,
        }
    }
}
