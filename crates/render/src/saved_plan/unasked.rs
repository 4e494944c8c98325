//! Facts that a saved plan assumed, because a store was not asked when it was saved.
//!
//! A saved plan has no step for a secret that it assumed to be in its place. Where the
//! store has something else, the new plan has a step that nobody has seen. It is blocked,
//! and the rest of the saved plan goes on.

use crate::plan_document::{PlanDocument, StepDocument};
use model::{Address, Blocked, BlockedReason, Plan, Who};
use std::collections::{BTreeMap, BTreeSet};

/// The steps of the new plan that the saved one lacks, or has as another, because a
/// store was not asked; and those that depend on them.
pub(super) fn only_now(saved: &PlanDocument, now: &PlanDocument) -> BTreeSet<String> {
    let unasked: BTreeSet<&str> = saved
        .deliveries
        .iter()
        .filter(|delivery| delivery.state == "notAsked" && delivery.role == "token")
        .map(|delivery| delivery.address.as_str())
        .chain(
            saved
                .blocked
                .iter()
                .filter(|blocked| blocked.reason == "storeNotAsked")
                .map(|blocked| blocked.address.as_str()),
        )
        .collect();
    // The step of an issuer token has another address than its place.
    let issuers: BTreeSet<String> = saved
        .deliveries
        .iter()
        .filter(|delivery| delivery.state == "notAsked" && delivery.role == "issuer")
        .filter_map(|delivery| delivery.address.strip_prefix("account/"))
        .map(|account| format!("issuer/{account}"))
        .collect();
    if unasked.is_empty() && issuers.is_empty() {
        return BTreeSet::new();
    }
    let steps: BTreeMap<&str, &StepDocument> = saved
        .steps
        .iter()
        .map(|step| (step.address.as_str(), step))
        .collect();
    let is_saved = |step: &StepDocument| {
        steps
            .get(step.address.as_str())
            .is_some_and(|saved| saved.action == step.action && saved.reason == step.reason)
    };
    let mut unsaved: BTreeSet<String> = BTreeSet::new();
    // Every step comes after those that it depends on.
    for step in &now.steps {
        let follows = step.depends_on.iter().any(|first| unsaved.contains(first));
        let was_unasked = unasked.contains(step.address.as_str())
            || issuers.contains(&step.address)
            || !issuers.is_empty() && step.reason == "issuerReplaced";
        if follows || was_unasked && !is_saved(step) {
            unsaved.insert(step.address.clone());
        }
    }
    unsaved
}

/// Blocks these steps of a plan, and returns those that it had.
pub(super) fn block(plan: &mut Plan, unsaved: &BTreeSet<String>) -> BTreeSet<Address> {
    let is_unsaved = |address: &Address| unsaved.contains(&address.to_string());
    let (left, taken) = std::mem::take(&mut plan.steps)
        .into_iter()
        .partition(|step| !is_unsaved(&step.address));
    plan.steps = left;
    let taken: Vec<model::Step> = taken;
    let addresses: BTreeSet<Address> = taken.iter().map(|step| step.address.clone()).collect();
    if taken.is_empty() {
        return addresses;
    }
    plan.blocked.extend(taken.into_iter().map(|step| Blocked {
        message: format!(
            "not in the saved plan, which was made without asking the store: {}",
            step.reason.text()
        ),
        address: step.address,
        reason: BlockedReason::StoreNotAsked,
        remedy: "save a new plan with `--allow-commands`, and apply it".to_owned(),
        who: Who::Operator,
    }));
    plan.blocked
        .sort_by(|left, right| left.address.cmp(&right.address));
    let (read, unregistered) = (plan.estimate.read_requests, plan.estimate.unregistered);
    plan.estimate = planner::estimate(&plan.steps, read, unregistered);
    addresses
}
