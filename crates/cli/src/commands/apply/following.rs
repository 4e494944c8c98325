//! Steps that follow from an apply: they rest on identities that ISC settled during it.
//!
//! What becomes of the identity of a new or renamed account is known only once ISC has
//! processed it. An identity that was kept, or taken up again, can have tokens to change.
//! So can one that was not the account's own only because its row was changed by hand.

use model::{AccountKey, Address, BlockedReason, Operation, Plan, Who};
use std::collections::BTreeSet;

/// Whether all steps of the plan after an apply follow from it: they are for accounts
/// whose identities it settled, and for nothing but those identities.
pub(super) fn follows(applied: &Plan, next: &Plan) -> bool {
    let waited = applied
        .blocked
        .iter()
        .filter_map(|blocked| match blocked.who {
            Who::NextApply => blocked.address.account(),
            Who::AccountHolder(_) | Who::TenantAdmin | Who::Operator => None,
        });
    // The identity is judged by the row, which agrees with it after the import.
    let imported: BTreeSet<&AccountKey> = applied
        .steps
        .iter()
        .filter(|step| matches!(step.operation, Operation::ImportRow { .. }))
        .filter_map(|step| step.address.account())
        .collect();
    let judged = applied
        .blocked
        .iter()
        .filter(|blocked| {
            matches!(
                blocked.reason,
                BlockedReason::NotOwn | BlockedReason::OwnershipUnknown
            )
        })
        .filter_map(|blocked| blocked.address.account())
        .filter(|account| imported.contains(account));
    let settled: BTreeSet<&AccountKey> = applied
        .steps
        .iter()
        .filter_map(|step| match &step.operation {
            Operation::ProcessIdentities { expect, .. } => Some(expect),
            _ => None,
        })
        .flatten()
        .map(|expected| &expected.account)
        .chain(waited)
        .chain(judged)
        .collect();
    let follows = |address: &Address| match address {
        Address::Invitation(account)
        | Address::Levels(account)
        | Address::Issuer(account)
        | Address::Token(account, _) => settled.contains(account),
        Address::Source(_)
        | Address::Schema(_)
        | Address::Account(_)
        | Address::Profile(_)
        | Address::Processing(_) => false,
    };
    !next.steps.is_empty() && next.steps.iter().all(|step| follows(&step.address))
}
