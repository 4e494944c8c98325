//! Guard that limits how many accounts a plan renames.

use super::info::{GuardInfo, Lifting};
use super::limit::{Limited, accounts_there, count};
use crate::view::live_source;
use model::{Limit, Operation, Policy, RowChange};

/// The guard. The name feeds the identity's uid; a changed one may delete and
/// re-create the identity, and its tokens with it (reports from real tenants
/// disagree), so it needs approval. So does a changed id, which is another
/// account to ISC, and a changed mapping of uid, which does it to all accounts.
pub(super) const GUARD: Limited = Limited {
    info: GuardInfo {
        name: Policy::RENAME_ACCOUNTS,
        about: "accounts whose `id` or what feeds `uid` (such as `name`) changes, or whose identities get another uid by a changed mapping, also one that an admin changed in ISC and that processing would apply; ISC may recreate the identity, and its tokens stop working",
        default: "0",
        lifting: Lifting::CountOrLimit,
    },
    default: Limit::Count(0),
    words: ("renames", "account"),
    count: |step, live| match &step.operation {
        Operation::ImportRow {
            change: RowChange::Upsert { .. } | RowChange::Rename { .. },
            ..
        } => u64::from(step.destructive),
        // Somebody changed the profile, and processing applies it.
        Operation::ProcessIdentities { renames, .. } => count(renames.len()),
        // Another attribute feeds the uid: all identities get another one.
        Operation::UpdateProfile { source_name, .. } if step.destructive => {
            live_source(live, source_name).map_or(0, |source| {
                let accounts = source.accounts.found().iter();
                let listed = count(
                    accounts
                        .filter(|account| account.identity.is_some())
                        .count(),
                );
                // A list can be short; the profile counts its identities itself.
                let profile = source.profile.found().as_ref();
                let counted = profile.and_then(|profile| profile.identity_count);
                listed.max(counted.unwrap_or_default())
            })
        }
        _ => 0,
    },
    there: accounts_there,
};

#[cfg(test)]
mod tests {
    use crate::testing::fixtures::{
        account, applied_tenant, guide, live_account, managed, source_mut,
    };
    use crate::testing::guard_cases::{at_its_limit, planned};
    use model::{Collection, Policy};

    #[test]
    fn no_name_changes_without_consent() {
        at_its_limit(Policy::RENAME_ACCOUNTS, 0, |count| {
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

    #[test]
    fn another_uid_for_all_accounts_counts_them_all() {
        let (mut spec, mut live) = (guide(), applied_tenant());
        source_mut(&mut live).accounts = Collection::Complete(vec![
            live_account("SA-001", "audit01", "identity-1"),
            live_account("SA-002", "undeclared02", "identity-2"),
        ]);
        let profile = managed(&mut spec).identity_profile.as_mut().unwrap();
        profile.mappings.insert("uid".into(), "id".into());
        let plan = planned(&spec, &live, &crate::Allowances::default());
        let guard = plan.guards.iter().find(|guard| guard.refuses()).unwrap();
        assert_eq!((guard.name, guard.counted), (Policy::RENAME_ACCOUNTS, 2));
    }
}
