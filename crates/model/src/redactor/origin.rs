//! Origin of a secret, and what a redactor has replaced.

use crate::StoreKey;
use std::fmt;

/// Who a secret was learned from.
///
/// Others than the operator can choose a text that the plan has for another reason, to
/// have it replaced there. So a plan that repeats a secret of theirs is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The operator: the environment or a prompt.
    Operator,
    /// The document in a store.
    Store(StoreKey),
    /// A response of the tenant.
    Tenant,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operator => formatter.write_str("the secret of the operator"),
            Self::Store(key) => write!(formatter, "the secret at {key}"),
            Self::Tenant => formatter.write_str("a token that the tenant returned"),
        }
    }
}

/// What a redactor has replaced since it counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replaced {
    /// In how many texts.
    pub texts: usize,
    /// Where the secrets come from that are not the operator's; each once.
    pub of_others: Vec<Origin>,
}
