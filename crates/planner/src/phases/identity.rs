//! Blocks levels and tokens of an account that has no identity.

use crate::draft::Draft;
use crate::view::View;
use model::{Address, BlockedReason, Incomplete, Who};

/// Blocks what needs an account whose source was not read completely.
pub(crate) fn block_accounts_unread(
    draft: &mut Draft,
    address: Address,
    view: &View<'_>,
    why: &Incomplete,
) {
    let collection = format!("the accounts of \"{}\"", view.spec.source);
    draft.block_unread(address, &collection, why);
}

/// Blocks what needs an identity of which it is not known whether processing
/// creates or replaces it.
pub(crate) fn block_profile_unread(
    draft: &mut Draft,
    address: Address,
    view: &View<'_>,
    why: &Incomplete,
) {
    let collection = format!("the identity profile of \"{}\"", view.spec.source);
    draft.block_unread(address, &collection, why);
}

/// Blocks what needs an account that a source of others does not have.
pub(crate) fn block_no_account(draft: &mut Draft, address: Address, view: &View<'_>) {
    let (name, source) = (&view.spec.name, &view.spec.source);
    draft.block(
        address,
        BlockedReason::NoAccount,
        format!("source \"{source}\" has no account {name}"),
        format!("create {name} in the system that \"{source}\" reads, then aggregate the source"),
        Who::TenantAdmin,
    );
}

/// Blocks what needs an identity that nothing in this plan creates.
pub(crate) fn block_no_identity(draft: &mut Draft, address: Address, view: &View<'_>) {
    let (name, source) = (&view.spec.name, &view.spec.source);
    let managed = view.spec.row.is_some();
    draft.block(
        address,
        BlockedReason::NoIdentity,
        format!(
            "{name} has no identity, and source \"{source}\" has no identity profile that creates one"
        ),
        if managed {
            format!("declare `identityProfile` for source \"{source}\"")
        } else {
            format!("create an identity profile for \"{source}\", or correlate {name} with an identity")
        },
        if managed {
            Who::Operator
        } else {
            Who::TenantAdmin
        },
    );
}
