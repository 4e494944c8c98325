//! The steps that a selection keeps, closed under what they depend on.

use super::choice::Choice;
use super::processing;
use model::{Address, Operation, SelectionEffect, Step};
use std::collections::{BTreeMap, BTreeSet};

/// The steps that are kept: closed under what they need.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) addresses: BTreeSet<Address>,
    /// Kept though no pattern selects them, in the order of the plan.
    pub(super) pulled_in: Vec<SelectionEffect>,
    /// Selected, and not kept because of an excepted step that they need, in
    /// the order of the plan.
    pub(super) left_out: Vec<SelectionEffect>,
}

/// Finds the steps to keep. The steps have to stand in the plan's order.
pub(super) fn close(steps: &[Step], choice: &Choice<'_>) -> Kept {
    let planned: BTreeSet<&Address> = steps.iter().map(|step| &step.address).collect();
    let needs: BTreeMap<&Address, Vec<Address>> = steps
        .iter()
        .map(|step| (&step.address, needs(step, &planned)))
        .collect();
    let impossible = impossible(steps, &needs, choice);

    let mut kept: BTreeMap<Address, Option<Address>> = BTreeMap::new();
    for step in steps {
        if choice.selects(&step.address) && !impossible.contains_key(&step.address) {
            pull_in(&mut kept, &needs, &step.address, None);
        }
    }
    for step in steps {
        if kept.contains_key(&step.address) || impossible.contains_key(&step.address) {
            continue;
        }
        let is_done_by_it = |address: &Address| {
            let row = planned.contains(address);
            !row || kept.contains_key(address)
        };
        let because = processing::accounts(step)
            .into_iter()
            .filter(|key| choice.selects_account(key))
            .map(Address::Account)
            .find(is_done_by_it);
        if let Some(because) = because {
            pull_in(&mut kept, &needs, &step.address, Some(&because));
        }
    }

    let mut result = Kept::default();
    for step in steps {
        let address = &step.address;
        match (kept.get(address), impossible.get(address)) {
            (Some(because), _) => {
                if let Some(because) = because.clone().filter(|_| !choice.selects(address)) {
                    result.pulled_in.push(SelectionEffect {
                        address: address.clone(),
                        because,
                    });
                }
            }
            (None, Some(excepted)) if choice.selects(address) => {
                result.left_out.push(SelectionEffect {
                    address: address.clone(),
                    because: (*excepted).clone(),
                });
            }
            (None, _) => {}
        }
    }
    result.addresses = kept.into_keys().collect();
    result
}

/// Keeps a step and all that it needs, each with the first step that needs it.
fn pull_in(
    kept: &mut BTreeMap<Address, Option<Address>>,
    needs: &BTreeMap<&Address, Vec<Address>>,
    address: &Address,
    because: Option<&Address>,
) {
    if kept.contains_key(address) {
        return;
    }
    kept.insert(address.clone(), because.cloned());
    for first in needs.get(address).into_iter().flatten() {
        pull_in(kept, needs, first, Some(address));
    }
}

/// The steps that are excepted or need an excepted one, with that one.
fn impossible<'a>(
    steps: &'a [Step],
    needs: &BTreeMap<&'a Address, Vec<Address>>,
    choice: &Choice<'_>,
) -> BTreeMap<&'a Address, &'a Address> {
    let mut impossible: BTreeMap<&Address, &Address> = BTreeMap::new();
    // Every step comes after those it needs, so one pass finds all.
    for step in steps {
        let address = &step.address;
        if choice.excepts(address) {
            impossible.insert(address, address);
            continue;
        }
        let excepted = needs
            .get(address)
            .into_iter()
            .flatten()
            .find_map(|first| impossible.get(first).copied());
        if let Some(excepted) = excepted {
            impossible.insert(address, excepted);
        }
    }
    impossible
}

/// The steps that this one cannot be done without.
///
/// Processing depends on every row of its source and needs none of them. What
/// depends on processing needs the row of its own account.
fn needs(step: &Step, planned: &BTreeSet<&Address>) -> Vec<Address> {
    let mut needs: Vec<Address> = step
        .depends_on
        .iter()
        .filter(|first| planned.contains(first))
        .filter(|first| {
            let is_row = matches!(first, Address::Account(_));
            !(is_row && matches!(step.operation, Operation::ProcessIdentities { .. }))
        })
        .cloned()
        .collect();
    let own_row = step.address.account().cloned().map(Address::Account);
    if let Some(row) = own_row
        && needs
            .iter()
            .any(|first| matches!(first, Address::Processing(_)))
        && planned.contains(&row)
        && !needs.contains(&row)
    {
        needs.push(row);
    }
    needs
}
