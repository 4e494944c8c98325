//! The identity of an account: what is planned for one to come, and what is blocked without one.

use crate::classify::ownership::Against;
use crate::draft::Draft;
use crate::uid::mapped_from_row;
use crate::view::{View, source_ref};
use model::{
    AccountRow, AccountSpec, Address, BlockedReason, IdentityId, IdentityNames, IdentityTarget,
    Incomplete, Live, OwnIdentity, Spec, Who,
};

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

/// Blocks what would change an identity that is not the account's own.
pub(crate) fn block_not_own(
    draft: &mut Draft,
    address: Address,
    view: &View<'_>,
    identity: &IdentityId,
    against: Against<'_>,
) {
    let (key, name, source) = (&view.spec.key, &view.spec.name, &view.spec.source);
    let why = match against {
        Against::OtherApproved(approved) => {
            format!("the file declares `identity: {approved}`")
        }
        Against::ByHand => "somebody correlated the account by hand".to_owned(),
        Against::Machine => "ISC classifies the account as a machine account".to_owned(),
        Against::NoProfile => {
            format!("source \"{source}\" has no identity profile, so another source made it")
        }
        Against::Alias { found, expected } => {
            format!("its alias is {found}, and the account's would be {expected}")
        }
        Against::Email { found, expected } => {
            format!("its email address is {found}, and the account's would be {expected}")
        }
        Against::Older => "it is older than the account".to_owned(),
    };
    draft.block(
        address,
        BlockedReason::NotOwn,
        format!("identity {identity} of {name} is not the account's own: {why}"),
        format!(
            "check in ISC whose identity {identity} is; give the account another name, or, if it is meant, declare `identity: {identity}` on {key}"
        ),
        Who::Operator,
    );
}

/// Blocks a grant to an identity of which nothing shows that it is the account's
/// own.
pub(crate) fn block_ownership_unknown(
    draft: &mut Draft,
    address: Address,
    view: &View<'_>,
    identity: &IdentityId,
) {
    let (key, name) = (&view.spec.key, &view.spec.name);
    draft.block(
        address,
        BlockedReason::OwnershipUnknown,
        format!(
            "nothing that ISC returned shows whether identity {identity} of {name} is the account's own"
        ),
        format!(
            "check in ISC whose identity {identity} is; if it is the account's, declare `identity: {identity}` on {key}"
        ),
        Who::Operator,
    );
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
    if let Some((first, (remedy, who))) = draft.held(view.spec) {
        let message = format!("{name} has no identity yet, because {first} is blocked");
        let (remedy, who) = (format!("unblock {first}: {remedy}"), who.clone());
        draft.block(address, BlockedReason::NoIdentity, message, remedy, who);
        return;
    }
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

/// The identity of an account that has none yet, and what shows that it is its own.
pub(crate) fn future_identity(
    spec: &Spec,
    live: &Live,
    account: &AccountSpec,
    row: &AccountRow,
) -> IdentityTarget {
    let name = &account.source;
    let own = match &account.identity {
        Some(identity) => OwnIdentity::Approved(identity.clone()),
        None => OwnIdentity::Named(IdentityNames {
            alias: mapped_from_row(spec, live, name, row, "uid"),
            email: mapped_from_row(spec, live, name, row, "email"),
        }),
    };
    IdentityTarget::OfAccount {
        source: source_ref(live, name),
        native_identity: row.id.clone(),
        own,
    }
}
