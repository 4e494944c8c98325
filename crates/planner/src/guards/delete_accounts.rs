//! Deleted accounts.

use super::info::GuardInfo;
use super::limit::{Limited, accounts_there};
use model::{Limit, Operation, RowChange};

/// The guard.
pub(super) const GUARD: Limited = Limited {
    info: GuardInfo {
        name: "deleteAccounts",
        about: "accounts that the plan deletes",
        default: "2",
        lifted: "`--allow deleteAccounts=COUNT`, or `policy.limits.deleteAccounts`",
        allowable: true,
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

    #[test]
    fn two_accounts_may_go() {
        at_its_limit("deleteAccounts", 2, |count| undeclared(count, 100));
    }
}
