//! Guard that limits how many accounts a plan deletes.

use super::info::{GuardInfo, Lifting};
use super::limit::{Limited, accounts_there};
use model::{Limit, Operation, Policy, RowChange};

/// The guard.
pub(super) const GUARD: Limited = Limited {
    info: GuardInfo {
        name: Policy::DELETE_ACCOUNTS,
        about: "accounts that the plan deletes",
        default: "2",
        lifting: Lifting::CountOrLimit,
    },
    default: Limit::Count(2),
    words: ("deletes", "account"),
    count: |step, _| {
        u64::from(matches!(
            step.operation,
            Operation::ImportRow {
                change: RowChange::Delete,
                ..
            }
        ))
    },
    there: accounts_there,
};

#[cfg(test)]
mod tests {
    use crate::testing::guard_cases::{at_its_limit, undeclared};
    use model::Policy;

    #[test]
    fn two_accounts_may_go() {
        at_its_limit(Policy::DELETE_ACCOUNTS, 2, |count| undeclared(count, 100));
    }
}
