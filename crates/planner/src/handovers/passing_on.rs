//! Places that declared tokens pass on: whose secret is there, and when it may be overwritten.
//!
//! The secret in a place may be that of another declared token, whose place is another one
//! now. It is overwritten only once that token's secret is where it is declared. Tokens
//! whose places form a circle wait for each other, and none can be the first.

use super::find;
use crate::classify::delivery::{Delivery, Foreign};
use crate::classify::handover::{Bar, Handover, Undeclared};
use crate::draft::{Draft, StepExt};
use crate::index::Index;
use crate::view::View;
use model::{Address, Operation, Step};
use std::collections::{BTreeMap, BTreeSet};

/// The places that are passed on, by the token that comes.
#[derive(Debug, Default)]
pub(crate) struct Handovers(BTreeMap<Address, Handover>);

impl Handovers {
    /// Finds them in what the stores hold and what the journal says.
    pub(crate) fn of(index: &Index<'_>, views: &[View<'_>]) -> Self {
        let mut handovers = Self(find::all(index, views));
        handovers.bar_circles();
        handovers
    }

    /// Whether what is planned decides about a place.
    pub(crate) fn is_open(&self) -> bool {
        self.0.values().any(|one| match &one.barred {
            None => one.waits,
            Some(bar) => *bar == Bar::Both,
        })
    }

    /// What the place of a token holds, with what is known of its being passed on.
    pub(crate) fn delivery<'a>(&'a self, address: &Address, found: Delivery<'a>) -> Delivery<'a> {
        let one = self.0.get(address);
        match (one, found) {
            (Some(one), Delivery::Foreign(_)) if one.barred.is_some() => {
                Delivery::Foreign(Foreign::PassedOn(one))
            }
            (Some(one), Delivery::Foreign(_)) => Delivery::PassedOn(one),
            // What cannot be read is not known to hold it, so it asks for no delivery.
            (Some(_) | None, found) => found,
        }
    }

    /// What forbids a delivery of this token now.
    pub(crate) fn barred(&self, address: &Address) -> Option<&Handover> {
        self.0.get(address).filter(|one| one.barred.is_some())
    }

    /// Bars the places whose tokens no step delivers elsewhere, lifts the bars that a step
    /// makes needless, and says whether there were any. Then everything has to be planned
    /// once more.
    pub(crate) fn bar(&mut self, draft: &Draft) -> bool {
        let mut delivers: BTreeSet<&Address> = draft.steps.iter().filter_map(delivered).collect();
        if self.lift(&delivers) {
            return true;
        }
        let mut has_barred = false;
        loop {
            let mut barred: BTreeSet<Address> = BTreeSet::new();
            for (address, one) in &mut self.0 {
                let (is_stuck, bar) = match &one.undeclared {
                    Some(Undeclared { id, .. }) => (!draft.revokes(id), Bar::Undeclared),
                    None => (!delivers.contains(&one.from), Bar::Kept),
                };
                if one.waits && is_stuck && one.barred.is_none() && delivers.contains(address) {
                    one.barred = Some(bar);
                    barred.insert(address.clone());
                }
            }
            if barred.is_empty() {
                return has_barred;
            }
            has_barred = true;
            delivers.retain(|address| !barred.contains(*address));
        }
    }

    /// Lifts the bars of places with a copy of a secret that is replaced where it is declared.
    /// If both are one entry, it has the new secret by then, and the delivery that waits for
    /// it finds another secret than the plan did, and is refused.
    fn lift(&mut self, delivers: &BTreeSet<&Address>) -> bool {
        let mut has_lifted = false;
        for one in self.0.values_mut() {
            if one.barred == Some(Bar::Both) && delivers.contains(&one.from) {
                one.barred = None;
                one.waits = true;
                has_lifted = true;
            }
        }
        has_lifted
    }

    /// Lets each delivery wait for that of the token whose secret it overwrites, or for its
    /// revocation.
    pub(crate) fn order(&self, draft: &mut Draft) {
        if self.0.is_empty() {
            return;
        }
        for (address, one) in &self.0 {
            let undeclared = one.undeclared.as_ref().filter(|_| one.waits);
            let first = undeclared
                .and_then(|token| draft.revocation(&token.id))
                .cloned();
            let mut steps = draft.steps.iter_mut();
            let delivery = steps.find(|step| delivered(step) == Some(address));
            if let (Some(first), Some(step)) = (first, delivery) {
                step.after([first]);
            }
        }
        let delivers: BTreeSet<Address> =
            draft.steps.iter().filter_map(delivered).cloned().collect();
        let first: BTreeMap<&Address, &Address> = self
            .0
            .iter()
            // Those that wait for each other were barred, so they form no circle.
            .filter(|(address, one)| {
                one.waits && delivers.contains(address) && delivers.contains(&one.from)
            })
            .map(|(address, one)| (address, &one.from))
            .collect();
        for step in &mut draft.steps {
            let own = delivered(step).cloned();
            if let Some(first) = own.and_then(|own| first.get(&own)) {
                step.after([(*first).clone()]);
            }
        }
        for address in first.keys() {
            let mut chain = vec![*address];
            let mut rank = loop {
                let last = chain.last().copied().unwrap_or(address);
                match (draft.delivery_rank.get(last), first.get(last)) {
                    (Some(rank), _) => break *rank,
                    (None, Some(next)) => chain.push(next),
                    (None, None) => break 0,
                }
            };
            for address in chain.into_iter().rev() {
                draft.delivery_rank.entry(address.clone()).or_insert(rank);
                rank += 1;
            }
        }
    }

    /// Bars the places of tokens that wait for each other.
    fn bar_circles(&mut self) {
        let mut circles: Vec<Vec<Address>> = Vec::new();
        let mut done: BTreeSet<&Address> = BTreeSet::new();
        for start in self.0.keys() {
            let mut path: Vec<&Address> = Vec::new();
            let mut at = Some(start);
            while let Some(address) = at.filter(|address| done.insert(address)) {
                path.push(address);
                let next = self.0.get(address).filter(|one| one.waits);
                at = next.map(|one| &one.from);
            }
            // The path has come back to itself, or to what was seen before.
            if let Some(again) = at
                && let Some(begin) = path.iter().position(|one| *one == again)
            {
                circles.push(path[begin..].iter().map(|one| (*one).clone()).collect());
            }
        }
        for circle in circles {
            // One of them says what all must do.
            let Some(first) = circle.iter().min().cloned() else {
                continue;
            };
            for address in &circle {
                if let Some(one) = self.0.get_mut(address) {
                    one.barred = Some(if address.account() == first.account() {
                        Bar::Circle {
                            circle: circle.clone(),
                            is_first: *address == first,
                        }
                    } else {
                        Bar::OfCircle(first.clone())
                    });
                }
            }
        }
    }
}

/// The address of a step that creates a token and delivers its secret.
fn delivered(step: &Step) -> Option<&Address> {
    match &step.operation {
        Operation::MintToken(_) | Operation::ReplaceToken { .. } => Some(&step.address),
        _ => None,
    }
}
