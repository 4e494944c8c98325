//! Cuts a draft of a plan to a selection.

use super::addresses::of_account;
use super::choice::{Choice, Selection};
use super::closure::{self, Kept};
use super::{processing, unmatched};
use crate::draft::Draft;
use model::{
    AccountKey, AccountReport, Address, Live, Operation, SelectionReport, SourceName, Spec, Step,
};
use std::collections::BTreeSet;

/// Leaves out of a draft, and of the reports on accounts, what is not selected.
/// The draft's steps have to stand in the plan's order.
pub(crate) fn cut(
    spec: &Spec,
    live: &Live,
    draft: &mut Draft,
    accounts: &mut Vec<AccountReport>,
    selection: &Selection,
) -> Option<SelectionReport> {
    if selection.is_everything() {
        return None;
    }
    let choice = Choice::new(selection, spec, live, draft);
    let unmatched = unmatched::find(&choice, spec, draft);
    let Kept {
        addresses: mut kept,
        mut pulled_in,
        left_out,
    } = closure::close(&draft.steps, &choice);

    let Draft {
        steps,
        blocked,
        unmanaged,
        may_be_issuers,
        problems,
        // Partial reads are reported whatever is selected: the exit code is about
        // the read, not about the plan.
        incomplete: _,
        // What the stores hold is reported whatever is selected.
        deliveries: _,
        // No later phase reads it.
        planned: _,
        remapped: _,
        without_identity: _,
        profile_rank: _,
        delivery_rank: _,
        held: _,
        unsettled: _,
        following: _,
    } = draft;
    let all = steps.len();
    cut_steps(live, &choice, steps, &mut kept);
    pulled_in.retain(|effect| kept.contains(&effect.address));

    let sources = sources(spec, &choice, steps);
    let is_of_a_source =
        |address: &Address| address.source().is_some_and(|name| sources.contains(name));
    let concerns = |address: &Address| {
        choice.selects(address) || kept.contains(address) || is_of_a_source(address)
    };
    blocked.retain(|blocked| concerns(&blocked.address));
    problems.retain(|problem| concerns(&problem.address));
    unmanaged.retain(|unmanaged| choice.selects(&unmanaged.address));
    may_be_issuers.retain(|address| choice.selects(address));
    let of_steps = steps.iter().filter_map(|step| step.address.account());
    let of_blocked = blocked
        .iter()
        .filter_map(|blocked| blocked.address.account());
    let concerned: BTreeSet<&AccountKey> = of_steps.chain(of_blocked).collect();
    accounts.retain(|account| {
        choice.selects(&Address::Account(account.key.clone())) || concerned.contains(&account.key)
    });
    let words = |patterns: &[super::Pattern]| patterns.iter().map(ToString::to_string).collect();
    Some(SelectionReport {
        only: words(selection.only()),
        except: words(selection.except()),
        not_selected: all - steps.len() - left_out.len(),
        pulled_in,
        left_out,
        unmatched,
    })
}

fn cut_steps(
    live: &Live,
    choice: &Choice<'_>,
    steps: &mut Vec<Step>,
    kept: &mut BTreeSet<Address>,
) {
    let planned: BTreeSet<Address> = steps.iter().map(|step| step.address.clone()).collect();
    steps.retain(|step| kept.contains(&step.address));
    for step in steps.iter_mut() {
        step.depends_on.retain(|first| kept.contains(first));
        processing::narrow(step, kept, &planned, choice);
    }
    steps.retain(|step| {
        let idle = processing::is_idle(step, live);
        if idle {
            kept.remove(&step.address);
        }
        !idle
    });
}

/// The sources that the kept steps and the selected accounts are on: what is
/// wrong with them concerns the selection.
fn sources<'a>(spec: &'a Spec, choice: &Choice<'_>, steps: &'a [Step]) -> BTreeSet<&'a SourceName> {
    let of_steps = steps.iter().filter_map(|step| match &step.operation {
        Operation::ImportRow { source_name, .. } => Some(source_name),
        _ => match step.address.account() {
            Some(key) => spec.accounts.get(key).map(|account| &account.source),
            None => step.address.source(),
        },
    });
    let of_accounts = spec
        .accounts
        .values()
        .filter(|account| of_account(account).any(|address| choice.selects(&address)))
        .map(|account| &account.source);
    of_steps.chain(of_accounts).collect()
}
