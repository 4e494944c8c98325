//! Plans the user levels of an account's identity.

use crate::claims::KnownClaims;
use crate::classify::levels::{self, LevelsOutcome};
use crate::draft::{Draft, NewStep, StepExt, fields};
use crate::outside_names::{self, Whose};
use crate::phases::identity::{
    block_accounts_unread, block_contradiction, block_doubt, block_no_account, block_no_identity,
    block_not_own, block_ownership_unknown, block_profile_unread, future_identity,
};
use crate::phases::own_access;
use crate::problems::UNKNOWN_LEVEL;
use crate::taken_names::TakenNames;
use crate::view::View;
use model::{
    Action, Address, Collection, Fingerprint, IdentityId, IdentityTarget, Incomplete,
    IncompleteReason, Live, Operation, Problem, ProblemEffect, Reason, Spec, UserLevel,
};
use serde_json::json;
use std::collections::BTreeSet;

/// Plans the user levels of an account that declares them.
pub(crate) fn plan(
    draft: &mut Draft,
    spec: &Spec,
    live: &Live,
    claims: &KnownClaims<'_>,
    taken: &TakenNames<'_>,
    view: &View<'_>,
) {
    let account = view.spec;
    let Some(wanted) = &account.user_levels else {
        return;
    };
    let address = Address::Levels(account.key.clone());
    check_known(draft, live, &address, wanted);

    if let (Some(identity), Ok(claims)) = (view.own_identity(), claims)
        && let Some(both) = claims.other_levels(identity)
    {
        let what = "different user levels";
        let remedy = "declare the same `userLevels` on both, or leave them out on one";
        block_contradiction(draft, address, identity, both, (what, remedy));
        return;
    }
    let taken_up = taken_up(spec, live, taken, view);
    let observed =
        (view.identity_now().or(taken_up)).and_then(|identity| live.levels.get(identity));
    let step = |address, before: Option<&BTreeSet<UserLevel>>, identity| NewStep {
        address,
        action: before.map_or(Action::Create, |_| Action::Update),
        reason: before.map_or(Reason::NotInTenant, |_| Reason::FieldsDiffer),
        before: before.map(|levels| fields([("userLevels", json!(levels))])),
        after: Some(fields([("userLevels", json!(wanted))])),
        operation: Operation::SetLevels {
            identity,
            levels: wanted.clone(),
        },
    };
    let identity = view.identity_outcome(draft);
    let unread = match (claims, observed.map(Collection::complete)) {
        (Err(unread), _) => Some(unread),
        (Ok(claims), Some(Ok(held))) => claims.unlisted_holder(&(held - wanted)),
        (Ok(_), Some(Err(_)) | None) => None,
    };
    match levels::classify(wanted, identity, observed, unread, view.ownership) {
        LevelsOutcome::Matches => {}
        LevelsOutcome::NotRead => {
            let why = Incomplete {
                reason: IncompleteReason::Refused,
                detail: "they were not looked up".to_owned(),
                call: None,
            };
            let collection = format!("the user levels of {}", account.name);
            draft.block_unread(address, &collection, &why);
        }
        LevelsOutcome::AccountsUnread(why) => block_accounts_unread(draft, address, view, why),
        LevelsOutcome::NotOwn { identity, against } => {
            block_not_own(draft, address, view, identity, against);
        }
        LevelsOutcome::Doubted(doubt) => block_doubt(draft, address, view, doubt),
        LevelsOutcome::OwnershipUnknown(identity) => {
            block_ownership_unknown(draft, address, view, identity);
        }
        LevelsOutcome::ProfileUnread(why) => block_profile_unread(draft, address, view, why),
        LevelsOutcome::Unread(why) => {
            let collection = format!("the user levels of {}", account.name);
            draft.block_unread(address, &collection, why);
        }
        LevelsOutcome::ClaimsUnread(unread) => {
            draft.block_unread(address, &unread.collection(), &unread.why);
        }
        LevelsOutcome::Differs { identity, .. } if own_access::is_own(live, Some(identity)) => {
            own_access::hold(draft, live, &address, "change the user levels of");
        }
        LevelsOutcome::Differs { identity, held } => {
            let identity = IdentityTarget::Known(identity.clone());
            let processing = Address::Processing(account.source.clone());
            let first = draft.following.contains(&account.key).then_some(processing);
            draft
                .step(step(address, Some(held), identity))
                .observed(Fingerprint::of(held))
                .after(first);
        }
        LevelsOutcome::AfterProcessing { held } => {
            let Some(row) = &account.row else { return };
            let identity = future_identity(spec, live, view, row);
            draft
                .step(step(address, held, identity))
                .after([Address::Processing(account.source.clone())]);
        }
        LevelsOutcome::NoAccount => block_no_account(draft, address, view),
        LevelsOutcome::NoIdentity => block_no_identity(draft, address, view),
    }
}

/// The identity that outlived its account, and that ISC gives to the account's new row.
fn taken_up<'a>(
    spec: &Spec,
    live: &'a Live,
    taken: &TakenNames<'_>,
    view: &View<'_>,
) -> Option<&'a IdentityId> {
    let row = view.spec.row.as_ref()?;
    let outside = outside_names::holder(spec, live, taken, view.spec, row)?;
    (outside.whose == Whose::TakenUp).then_some(&outside.identity.id)
}

fn check_known(draft: &mut Draft, live: &Live, address: &Address, wanted: &BTreeSet<UserLevel>) {
    // Where the custom levels could not be read, ISC decides when the level is
    // granted.
    let Ok(custom) = live.custom_levels.complete() else {
        return;
    };
    for level in wanted {
        let known = catalog::user_levels()
            .iter()
            .any(|known| known.id == level.as_str());
        if !known && !custom.contains(level) {
            let own = if custom.is_empty() {
                "the tenant has no custom levels".to_owned()
            } else {
                let names: Vec<_> = custom.iter().map(AsRef::as_ref).collect::<Vec<&str>>();
                format!("the tenant's custom levels are {}", names.join(", "))
            };
            draft.problems.push(Problem {
                code: UNKNOWN_LEVEL,
                address: address.clone(),
                field: Some(format!("userLevels={level}")),
                message: format!("the tenant has no user level `{level}`"),
                help: format!("`steersman levels` lists SailPoint's levels; {own}"),
                effect: ProblemEffect::RefusesPlan,
            });
        }
    }
}
