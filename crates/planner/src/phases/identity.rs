//! The identity of an account: what is planned for one to come, and what is blocked without one.

use crate::classify::identity::{Mover, moved_off};
use crate::draft::Draft;
use crate::presence::Presence;
use crate::uid::{makes_no_email, mapped_from_row};
use crate::view::{View, source_ref};
use model::ownership::{Against, Doubt, Evidence, Unread};
use model::{
    AccountKey, AccountRow, Address, BlockedReason, IdentityId, IdentityNames, IdentityTarget,
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
    let (key, name) = (&view.spec.key, &view.spec.name);
    draft.block(
        address,
        BlockedReason::NotOwn,
        format!("identity {identity} of {name} is not the account's own: {against}"),
        format!(
            "check in ISC whose identity {identity} is; give the account another name, or, if it is meant, declare `identity: {identity}` on {key}"
        ),
        Who::Operator,
    );
}

/// Blocks what would change an identity of which it is not settled whose it is.
pub(crate) fn block_doubt(draft: &mut Draft, address: Address, view: &View<'_>, doubt: Doubt<'_>) {
    let (name, source) = (&view.spec.name, &view.spec.source);
    let against = match doubt {
        Doubt::Unread(Unread { what, why }) => {
            let collection = match what {
                Evidence::Profile => format!("the identity profile of \"{source}\""),
                Evidence::Identity => format!("the identity of {name}"),
                Evidence::Levels => format!("the user levels of {name}"),
            };
            draft.block_unread(address, &collection, why);
            return;
        }
        Doubt::Awaited(against) => against,
    };
    let (remedy, who) = if draft.plans(&Address::Processing(source.clone())) {
        (
            "apply this plan; what follows is then planned and applied with it".to_owned(),
            Who::NextApply,
        )
    } else if let Against::NoEmail { .. } = against {
        (
            format!(
                "plan again once ISC has processed the identity; if it stays without an email address, check in ISC whose it is, and what the profile of \"{source}\" maps email from"
            ),
            Who::Operator,
        )
    } else {
        (
            format!(
                "apply the changes of the identity profile of \"{source}\" in ISC (Apply Changes), then plan again"
            ),
            Who::TenantAdmin,
        )
    };
    draft.block(
        address,
        BlockedReason::OwnershipUnknown,
        format!(
            "whether the identity of {name} is the account's own shows once identities are processed: {against}"
        ),
        remedy,
        who,
    );
}

/// Blocks a change of an identity of which nothing shows that it is the account's own.
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

/// Blocks what two accounts of one identity declare differently: each apply would undo what
/// the one before has done. `what` they declare, and what to do.
pub(crate) fn block_contradiction(
    draft: &mut Draft,
    address: Address,
    identity: &IdentityId,
    [one, other]: [&AccountKey; 2],
    (what, remedy): (&str, &str),
) {
    draft.block(
        address,
        BlockedReason::Contradiction,
        format!("{one} and {other} have the same identity {identity}, and declare {what}"),
        remedy.to_owned(),
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

/// Blocks what needs the identity that an account was taken off. steersman does not
/// put it back: the other side would take it off again.
fn block_moved_off(draft: &mut Draft, address: Address, view: &View<'_>, mover: Mover) {
    let name = &view.spec.name;
    let (why, remedy) = match mover {
        Mover::Machine => (
            "ISC classifies the account as a machine account",
            format!(
                "change the classification of {name} in ISC, or remove the account from the files if Machine Identity Security is to manage it"
            ),
        ),
        Mover::ByHand => (
            "somebody, or another tool, correlates the account by hand",
            format!(
                "correlate {name} with its identity in ISC, or end the manual correlation; if another tool manages the account, remove it from the files"
            ),
        ),
    };
    draft.block(
        address,
        BlockedReason::NotOwn,
        format!("{name} was taken off its identity: {why}; steersman leaves it as it is"),
        remedy,
        Who::TenantAdmin,
    );
}

/// Blocks what needs an identity that nothing in this plan creates.
pub(crate) fn block_no_identity(draft: &mut Draft, address: Address, view: &View<'_>) {
    let (name, source) = (&view.spec.name, &view.spec.source);
    if let Some(why) = draft.without_identity.get(&view.spec.key) {
        let message = format!("{name} has no identity: {why}");
        draft.block(
            address,
            BlockedReason::NoIdentity,
            message,
            other_name(&view.spec.key),
            Who::Operator,
        );
        return;
    }
    let managed = view.spec.row.is_some();
    if let Presence::Present(account) = view.presence
        && let Some(mover) = moved_off(account)
    {
        block_moved_off(draft, address, view, mover);
        return;
    }
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

/// The remedy for an account that another one keeps from having an identity.
pub(crate) fn other_name(key: &AccountKey) -> String {
    format!("give {key} another name, or delete the other account")
}

/// The identity of an account that has none yet, and what shows that it is its own.
pub(crate) fn future_identity(
    spec: &Spec,
    live: &Live,
    view: &View<'_>,
    row: &AccountRow,
) -> IdentityTarget {
    let account = view.spec;
    let name = &account.source;
    let own = match &account.identity {
        Some(identity) => OwnIdentity::Approved(identity.clone()),
        None => OwnIdentity::Shown {
            names: IdentityNames {
                alias: mapped_from_row(spec, live, name, row, "uid"),
                email: mapped_from_row(spec, live, name, row, "email"),
            },
            without_email: makes_no_email(spec, live, name),
            earlier: view.earlier_identity().cloned(),
        },
    };
    IdentityTarget::OfAccount {
        source: source_ref(live, name),
        native_identity: row.id.clone(),
        own,
    }
}
