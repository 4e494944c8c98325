//! Cheapest set cover, solved exactly by branch and bound.

use std::collections::BTreeSet;

use crate::op_set::{OpSet, Weights};

/// Something that can be chosen: a scope or a user level.
#[derive(Debug)]
pub(crate) struct Candidate {
    /// Its name; candidates are chosen among by it when all else is equal.
    pub(crate) name: &'static str,
    /// The operations that choosing it gives away.
    pub(crate) gives: OpSet,
    /// Whether it is taken only where nothing else will do.
    pub(crate) last_resort: bool,
    /// Whether it reaches further than a sibling of it, by their names.
    pub(crate) wide: bool,
    /// How much trust its name asks for.
    pub(crate) trust: u32,
}

/// The choice that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    /// Positions of the chosen candidates, ascending.
    pub(crate) chosen: Vec<usize>,
    /// Whether no cheaper choice exists for certain. False only when the search
    /// ran out of its budget, which no choice of calls of ISC's is known to do.
    pub(crate) proven: bool,
}

/// Whether two candidates, by name, can be chosen together.
pub(crate) type MayJoin<'a> = &'a dyn Fn(&str, &str) -> bool;

/// An option that a branch may take.
struct Taken {
    /// What the choice costs with it.
    cost: Cost,
    /// The position of the candidate.
    option: usize,
    /// What the choice gives away with it.
    given: OpSet,
}

/// What a choice costs. Compared from the first field to the last; none of them
/// shrinks when a candidate is added, which is what lets the search cut branches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    last_resorts: u32,
    wide: u32,
    changes: u32,
    trust: u32,
    reads: u32,
    count: usize,
}

/// Steps of the search before it settles for the best choice so far. A bound on
/// steps, not on time, keeps the answer the same on every machine.
const BUDGET: u32 = 20_000;

/// Finds the cheapest candidates such that each need is met by one of them.
///
/// A need lists the positions of the candidates that meet it. `may_join` says
/// whether two candidates can be chosen together; without it any can. `None` when
/// no choice meets every need.
pub(crate) fn cheapest(
    candidates: &[Candidate],
    needs: &BTreeSet<Vec<usize>>,
    weights: &Weights,
    may_join: Option<MayJoin<'_>>,
) -> Option<Choice> {
    let mut search = Search {
        candidates,
        weights,
        may_join,
        best: None,
        steps: 0,
    };
    // A need that includes another need is met whenever the other is.
    let needs: Vec<&[usize]> = needs
        .iter()
        .filter(|need| {
            !needs.iter().any(|other| {
                other != *need && other.iter().all(|candidate| need.contains(candidate))
            })
        })
        .map(Vec::as_slice)
        .collect();
    search.branch(&mut Vec::new(), &OpSet::empty(), &needs);
    let proven = search.steps < BUDGET;
    search.best.map(|(_, mut chosen)| {
        chosen.sort_unstable();
        Choice { chosen, proven }
    })
}

struct Search<'a> {
    candidates: &'a [Candidate],
    weights: &'a Weights,
    may_join: Option<MayJoin<'a>>,
    best: Option<(Cost, Vec<usize>)>,
    steps: u32,
}

impl Search<'_> {
    fn branch(&mut self, chosen: &mut Vec<usize>, given: &OpSet, unmet: &[&[usize]]) {
        // The first way down is walked to its end whatever the budget, so that
        // there is an answer.
        if self.steps >= BUDGET && self.best.is_some() {
            return;
        }
        self.steps += 1;
        let cost = self.cost(chosen, given);
        if self.best.as_ref().is_some_and(|(best, _)| cost >= *best) {
            return;
        }
        // Branch where there is the least choice.
        let Some(need) = unmet.iter().min_by_key(|need| need.len()) else {
            self.best = Some((cost, chosen.clone()));
            return;
        };
        let mut options: Vec<Taken> = Vec::new();
        for &option in *need {
            let Some(candidate) = self.candidates.get(option) else {
                continue;
            };
            if !self.joins(chosen, candidate.name) {
                continue;
            }
            let mut given = given.clone();
            given.add_all(&candidate.gives);
            chosen.push(option);
            let cost = self.cost(chosen, &given);
            options.push(Taken {
                cost,
                option,
                given,
            });
            chosen.pop();
        }
        options.sort_by_key(|taken| (taken.cost, taken.option));
        for (rank, taken) in options.iter().enumerate() {
            let mut better = options.iter().take(rank);
            if better.any(|better| self.replaces(unmet, better, taken)) {
                continue;
            }
            let left: Vec<&[usize]> = unmet
                .iter()
                .filter(|need| !need.contains(&taken.option))
                .copied()
                .collect();
            chosen.push(taken.option);
            self.branch(chosen, &taken.given, &left);
            chosen.pop();
        }
    }

    /// Whether a choice with one option is never worse for having another in its
    /// place: that one meets the same needs, gives no operation more, and asks for
    /// no more trust. Where candidates exclude each other this is not looked at.
    fn replaces(&self, unmet: &[&[usize]], better: &Taken, taken: &Taken) -> bool {
        let candidate = |taken: &Taken| self.candidates.get(taken.option);
        let (Some(one), Some(two)) = (candidate(better), candidate(taken)) else {
            return false;
        };
        self.may_join.is_none()
            && one.last_resort <= two.last_resort
            && one.wide <= two.wide
            && one.trust <= two.trust
            && better.given.within(&taken.given)
            && unmet
                .iter()
                .all(|need| !need.contains(&taken.option) || need.contains(&better.option))
    }

    fn joins(&self, chosen: &[usize], name: &str) -> bool {
        self.may_join
            .is_none_or(|may_join| self.all(chosen).all(|other| may_join(other.name, name)))
    }

    fn all(&self, chosen: &[usize]) -> impl Iterator<Item = &Candidate> {
        chosen
            .iter()
            .filter_map(|&position| self.candidates.get(position))
    }

    fn count(&self, chosen: &[usize], counts: impl Fn(&Candidate) -> bool) -> u32 {
        self.all(chosen)
            .map(|candidate| u32::from(counts(candidate)))
            .sum()
    }

    fn cost(&self, chosen: &[usize], given: &OpSet) -> Cost {
        let power = self.weights.power(given);
        Cost {
            last_resorts: self.count(chosen, |candidate| candidate.last_resort),
            wide: self.count(chosen, |candidate| candidate.wide),
            changes: power.changes,
            trust: self.all(chosen).map(|candidate| candidate.trust).sum(),
            reads: power.reads,
            count: chosen.len(),
        }
    }
}
