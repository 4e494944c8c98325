//! What runs when: the order of a plan's units, and what has become of each step.

use model::{Address, Plan, Step, StepOutcome, StepResult, Unit};
use std::collections::{BTreeMap, BTreeSet};

/// Which units wait, and what has become of the others.
pub(crate) struct Schedule<'plan> {
    plan: &'plan Plan,
    units: Vec<Waiting<'plan>>,
    /// By the address of a step, the units that wait for it.
    dependants: BTreeMap<&'plan Address, Vec<usize>>,
    /// The units that wait for nothing any more, in the plan's order.
    ready: BTreeSet<usize>,
    results: BTreeMap<&'plan Address, StepResult>,
}

struct Waiting<'plan> {
    /// The steps that have not been begun.
    steps: Vec<&'plan Step>,
    /// How many steps have to end before it.
    before: usize,
}

impl<'plan> Schedule<'plan> {
    pub(crate) fn new(plan: &'plan Plan) -> Self {
        let planned: BTreeSet<&Address> = plan.steps.iter().map(|step| &step.address).collect();
        let mut schedule = Self {
            plan,
            units: Vec::new(),
            dependants: BTreeMap::new(),
            ready: BTreeSet::new(),
            results: BTreeMap::new(),
        };
        for (index, Unit { steps }) in plan.units().into_iter().enumerate() {
            // Units can have as many steps as a source has accounts, so each of
            // them is looked at once.
            let own: BTreeSet<&Address> = steps.iter().map(|step| &step.address).collect();
            let before: BTreeSet<&Address> = steps
                .iter()
                .flat_map(|step| &step.depends_on)
                .filter(|address| planned.contains(address) && !own.contains(address))
                .collect();
            if before.is_empty() {
                schedule.ready.insert(index);
            }
            schedule.units.push(Waiting {
                steps,
                before: before.len(),
            });
            for address in before {
                schedule.dependants.entry(address).or_default().push(index);
            }
        }
        schedule
    }

    /// The next unit all of whose predecessors have ended. Of its steps those
    /// that wait for something that was not done are put down as skipped; the
    /// others are carried out, so that one token that could not be revoked does
    /// not hold up the rows of all other accounts.
    pub(crate) fn next_ready(&mut self) -> Option<Unit<'plan>> {
        loop {
            let index = self.ready.pop_first()?;
            let waiting = std::mem::take(&mut self.units.get_mut(index)?.steps);
            let mut steps = Vec::new();
            for step in waiting {
                match self.before(step, |result| !matches!(result, StepResult::Done { .. })) {
                    None => steps.push(step),
                    Some(because) => self.finished(&step.address, StepResult::Skipped { because }),
                }
            }
            if !steps.is_empty() {
                return Some(Unit { steps });
            }
        }
    }

    /// Puts down what has become of a step.
    pub(crate) fn finished(&mut self, address: &'plan Address, result: StepResult) {
        self.results.insert(address, result);
        for index in self.dependants.get(address).into_iter().flatten() {
            if let Some(unit) = self.units.get_mut(*index) {
                unit.before = unit.before.saturating_sub(1);
                if unit.before == 0 {
                    self.ready.insert(*index);
                }
            }
        }
    }

    /// What has become of each step, in the plan's order.
    ///
    /// Of the steps that were not begun, those that could not have been because
    /// of a failure are skipped; the others were never tried.
    pub(crate) fn into_outcomes(mut self) -> Vec<StepOutcome> {
        let plan = self.plan;
        for step in &plan.steps {
            if self.results.contains_key(&step.address) {
                continue;
            }
            let is_bad = |result: &StepResult| {
                matches!(
                    result,
                    StepResult::Failed { .. } | StepResult::Skipped { .. }
                )
            };
            let result = match self.before(step, is_bad) {
                Some(because) => StepResult::Skipped { because },
                None => StepResult::NeverTried,
            };
            self.results.insert(&step.address, result);
        }
        plan.steps
            .iter()
            .map(|step| StepOutcome {
                address: step.address.clone(),
                action: step.action,
                result: self
                    .results
                    .remove(&step.address)
                    .unwrap_or(StepResult::NeverTried),
            })
            .collect()
    }

    /// The first of a step's predecessors that ended so.
    fn before(&self, step: &Step, ended_so: impl Fn(&StepResult) -> bool) -> Option<Address> {
        step.depends_on
            .iter()
            .find(|address| self.results.get(*address).is_some_and(&ended_so))
            .cloned()
    }
}
