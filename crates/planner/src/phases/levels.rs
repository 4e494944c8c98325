//! The user levels of an account's identity.

use crate::draft::{Against, Draft, NewStep, fields};
use crate::problems::UNKNOWN_LEVEL;
use crate::view::{Presence, View, future_identity};
use model::{
    Action, Address, BlockedReason, Collection, Fingerprint, IdentityTarget, Live, Operation,
    Problem, Reason, UserLevel, Who,
};
use serde_json::json;
use std::collections::BTreeSet;

/// Plans the user levels of an account that declares them.
pub(crate) fn plan(draft: &mut Draft, live: &Live, view: &View<'_>) {
    let account = view.spec;
    let Some(wanted) = &account.user_levels else {
        return;
    };
    let address = Address::Levels(account.key.clone());
    check_known(draft, live, &address, wanted);

    if let Presence::Unread(why) = view.presence {
        draft.block_unread(
            address,
            &format!("the accounts of \"{}\"", account.source),
            why,
        );
        return;
    }
    if let Some(identity) = view.settled_identity(draft) {
        let there = match live.levels.get(identity).map(Collection::complete) {
            Some(Ok(levels)) => levels,
            Some(Err(why)) => {
                draft.block_unread(
                    address,
                    &format!("the user levels of {}", account.name),
                    why,
                );
                return;
            }
            None => return,
        };
        if there == wanted {
            return;
        }
        draft
            .step(NewStep {
                address,
                action: Action::Update,
                reason: Reason::FieldsDiffer,
                before: Some(fields([("userLevels", json!(there))])),
                after: Some(fields([("userLevels", json!(wanted))])),
                operation: Operation::SetLevels {
                    identity: IdentityTarget::Known(identity.clone()),
                    levels: wanted.clone(),
                },
            })
            .against(Fingerprint::of(there));
        return;
    }
    // A new identity has no levels; one that a renamed account keeps may have some.
    if wanted.is_empty() && !view.is_unsettled(draft) {
        return;
    }
    let earlier = view
        .identity()
        .and_then(|identity| live.levels.get(identity)?.complete().ok())
        .filter(|levels| *levels != wanted);
    let processing = Address::Processing(account.source.clone());
    match &account.row {
        Some(row) if draft.plans(&processing) => {
            let identity = future_identity(live, &account.source, &row.id);
            draft
                .step(NewStep {
                    address,
                    action: earlier.map_or(Action::Create, |_| Action::Update),
                    reason: earlier.map_or(Reason::NotInTenant, |_| Reason::FieldsDiffer),
                    before: earlier.map(|levels| fields([("userLevels", json!(levels))])),
                    after: Some(fields([("userLevels", json!(wanted))])),
                    operation: Operation::SetLevels {
                        identity,
                        levels: wanted.clone(),
                    },
                })
                .after([processing]);
        }
        _ => block_without_identity(draft, address, view),
    }
}

/// Blocks something that needs an identity which nothing in this plan brings.
pub(crate) fn block_without_identity(draft: &mut Draft, address: Address, view: &View<'_>) {
    let account = view.spec;
    let managed = account.row.is_some();
    let source = &account.source;
    match view.presence {
        Presence::Unread(why) => {
            draft.block_unread(address, &format!("the accounts of \"{source}\""), why);
        }
        Presence::Absent if !managed => draft.block(
            address,
            BlockedReason::NoAccount,
            format!("source \"{source}\" has no account {}", account.name),
            format!(
                "create {} where \"{source}\" gets its accounts from, and aggregate the source",
                account.name
            ),
            Who::TenantAdmin,
        ),
        Presence::Absent | Presence::There(_) => draft.block(
            address,
            BlockedReason::NoIdentity,
            format!("{} has no identity, and source \"{source}\" has no identity profile that makes one", account.name),
            if managed {
                format!("declare `identityProfile` for source \"{source}\"")
            } else {
                format!("give \"{source}\" an identity profile, or correlate {} with an identity", account.name)
            },
            if managed { Who::Operator } else { Who::TenantAdmin },
        ),
    }
}

fn check_known(draft: &mut Draft, live: &Live, address: &Address, wanted: &BTreeSet<UserLevel>) {
    // Where the tenant's own levels could not be read, ISC has the last word
    // when the level is set.
    let Ok(custom) = live.custom_levels.complete() else {
        return;
    };
    for level in wanted {
        let known = catalog::user_levels()
            .iter()
            .any(|known| known.id == level.as_str());
        if !known && !custom.contains(level) {
            let own = if custom.is_empty() {
                "the tenant has no levels of its own".to_owned()
            } else {
                let names: Vec<_> = custom.iter().map(AsRef::as_ref).collect::<Vec<&str>>();
                format!("the tenant's own levels are {}", names.join(", "))
            };
            draft.problems.push(Problem {
                code: UNKNOWN_LEVEL,
                address: address.clone(),
                field: Some(format!("userLevels={level}")),
                message: format!("the tenant has no user level `{level}`"),
                help: format!("`steersman levels` lists SailPoint's; {own}"),
            });
        }
    }
}
