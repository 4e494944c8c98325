//! Schedule of a run: when each unit is ready, and the result of each step.

use model::{Address, Plan, Step, StepOutcome, StepResult, Unit};
use std::collections::{BTreeMap, BTreeSet};

/// The units that are not ready, and the results of the others.
pub(crate) struct Schedule<'plan> {
    plan: &'plan Plan,
    units: Vec<Waiting<'plan>>,
    /// The units that depend on each step, by its address.
    dependants: BTreeMap<&'plan Address, Vec<usize>>,
    /// The units whose dependencies have ended, in the plan's order.
    ready: BTreeSet<usize>,
    /// The steps that were skipped since they were last asked for.
    skipped: Vec<&'plan Step>,
    results: BTreeMap<&'plan Address, StepResult>,
}

struct Waiting<'plan> {
    /// The steps that have not begun.
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
            skipped: Vec::new(),
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

    /// The next unit whose dependencies have all ended. Its steps that depend on a
    /// step that was not done are recorded as skipped; the others run, so that one
    /// token that could not be revoked does not block the rows of all other
    /// accounts.
    pub(crate) fn next_ready(&mut self) -> Option<Unit<'plan>> {
        loop {
            let index = self.ready.pop_first()?;
            let waiting = std::mem::take(&mut self.units.get_mut(index)?.steps);
            let mut steps = Vec::new();
            for step in waiting {
                match self.before(step, |result| !matches!(result, StepResult::Done { .. })) {
                    None => steps.push(step),
                    Some(because) => {
                        self.skipped.push(step);
                        self.finished(&step.address, StepResult::Skipped { because });
                    }
                }
            }
            if !steps.is_empty() {
                return Some(Unit { steps });
            }
        }
    }

    /// Records the result of a step.
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

    /// The steps that were skipped since the last call, with their results.
    pub(crate) fn take_skipped(&mut self) -> Vec<(&'plan Step, StepResult)> {
        std::mem::take(&mut self.skipped)
            .into_iter()
            .filter_map(|step| Some((step, self.results.get(&step.address)?.clone())))
            .collect()
    }

    /// Whether a step has a result.
    pub(crate) fn has_ended(&self, address: &Address) -> bool {
        self.results.contains_key(address)
    }

    /// The result of each step, in the plan's order.
    ///
    /// Of the steps that did not begin, those that depend on a failed step are
    /// skipped; the others were never tried.
    pub(crate) fn into_outcomes(mut self) -> Vec<StepOutcome> {
        let plan = self.plan;
        for step in &plan.steps {
            if self.results.contains_key(&step.address) {
                continue;
            }
            let is_bad = |result: &StepResult| match result {
                StepResult::SentNotVerified { .. }
                | StepResult::Failed { .. }
                | StepResult::Skipped { .. }
                | StepResult::Blocked { .. } => true,
                StepResult::Done { .. } | StepResult::NeverTried => false,
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

    /// The first of a step's dependencies with such a result.
    fn before(&self, step: &Step, ended_so: impl Fn(&StepResult) -> bool) -> Option<Address> {
        step.depends_on
            .iter()
            .find(|address| self.results.get(*address).is_some_and(&ended_so))
            .cloned()
    }
}
