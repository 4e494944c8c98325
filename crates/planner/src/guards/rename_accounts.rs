//! Accounts whose name or id changes.

use super::limit::{Limited, accounts_there};
use super::registry::GuardInfo;
use model::{Limit, Operation, RowChange};

/// The guard. The name feeds the identity's uid; a changed one may delete and
/// re-create the identity, and its tokens with it (reports from real tenants
/// disagree), so it needs consent. So does a changed id, which is another
/// account to ISC.
pub(super) const GUARD: Limited = Limited {
    info: GuardInfo {
        name: "renameAccounts",
        about: "accounts whose `name` or `id` changes, which may re-create the identity and end its tokens",
        default: "0",
        lifted: "`--allow renameAccounts=COUNT`, or `policy.limits.renameAccounts`",
        allowable: true,
    },
    default: Limit::Count(0),
    words: ("renames", "account"),
    count: |step| {
        u64::from(
            matches!(
                step.operation,
                Operation::ImportRow {
                    change: RowChange::Upsert { .. } | RowChange::Rename { .. },
                    ..
                }
            ) && step.destructive,
        )
    },
    there: accounts_there,
};

#[cfg(test)]
mod tests {
    use crate::fixtures::{account, applied_tenant, guide, live_account, source_mut};
    use crate::guards::check::at_its_limit;
    use model::Collection;

    #[test]
    fn no_name_changes_without_consent() {
        at_its_limit("renameAccounts", 0, |count| {
            let (mut spec, mut live) = (guide(), applied_tenant());
            let numbers = 0..count;
            source_mut(&mut live).accounts = Collection::Complete(
                numbers
                    .clone()
                    .map(|number| live_account(&format!("{number}"), "old", "i"))
                    .collect(),
            );
            spec.accounts = numbers
                .map(|number| account(&format!("{number}"), &format!("new{number}")))
                .map(|account| (account.key.clone(), account))
                .collect();
            (spec, live)
        });
    }
}
