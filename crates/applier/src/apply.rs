//! Carrying out a plan: what runs when.

use crate::cancel::Cancel;
use crate::context::Context;
use crate::execute;
use crate::journal::Journal;
use crate::lost_tokens;
use crate::options::Options;
use crate::stores::Stores;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use model::{
    Address, Event, EventSink, Outcome, Plan, Step, StepOutcome, StepResult, TenantWrite, Unit,
};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// Carries out a plan.
///
/// Units that wait for nothing run in parallel. What waits for a step that was
/// not done is skipped, the rest goes on. After [`Cancel::cancel`] what is in
/// flight is finished and nothing new is begun. The outcome has one entry for
/// each step of the plan, in the plan's order.
pub async fn apply<T: TenantWrite>(
    plan: &Plan,
    tenant: &T,
    stores: &Stores,
    journal: &Journal,
    options: &Options,
    events: &dyn EventSink,
    cancel: &Cancel,
) -> Outcome {
    let context = Context::new(tenant, stores, journal, options, events);
    let mut schedule = Schedule::new(plan);
    let mut running = FuturesUnordered::new();
    loop {
        while running.len() < options.parallelism.max(1) && !cancel.is_cancelled() {
            let Some(unit) = schedule.next_ready() else {
                break;
            };
            running.push(run(&context, unit));
        }
        let Some(results) = running.next().await else {
            break;
        };
        for (address, result) in results {
            schedule.finished(address, result);
        }
    }
    let interrupted = schedule.has_waiting();
    let outcome = Outcome {
        steps: schedule.into_outcomes(plan),
        notices: context.take_notices(),
        interrupted,
    };
    if outcome.all_done() {
        lost_tokens::settle(&context, journal);
    }
    outcome
}

async fn run<'plan, T: TenantWrite>(
    context: &Context<'_, T>,
    unit: Unit<'plan>,
) -> Vec<(&'plan Address, StepResult)> {
    let since = Instant::now();
    let addresses: Vec<Address> = unit.steps.iter().map(|step| step.address.clone()).collect();
    context.event(Event::Started { addresses });
    let results = execute::unit(context, &unit).await;
    for (address, result) in &results {
        context.event(Event::Finished {
            address: (*address).clone(),
            result: result.clone(),
            elapsed: since.elapsed(),
        });
    }
    results
}

/// Which units wait, and what has become of the others.
struct Schedule<'plan> {
    waiting: Vec<Unit<'plan>>,
    planned: BTreeSet<&'plan Address>,
    results: BTreeMap<&'plan Address, StepResult>,
}

impl<'plan> Schedule<'plan> {
    fn new(plan: &'plan Plan) -> Self {
        Self {
            waiting: plan.units(),
            planned: plan.steps.iter().map(|step| &step.address).collect(),
            results: BTreeMap::new(),
        }
    }

    /// The next unit all of whose predecessors have ended. Of its steps those
    /// that wait for something that was not done are put down as skipped; the
    /// others are carried out, so that one token that could not be revoked does
    /// not hold up the rows of all other accounts.
    fn next_ready(&mut self) -> Option<Unit<'plan>> {
        loop {
            let index = self
                .waiting
                .iter()
                .position(|unit| self.has_ended_before(unit))?;
            let unit = self.waiting.remove(index);
            let mut steps = Vec::new();
            for step in unit.steps {
                match self.failed_before(step) {
                    None => steps.push(step),
                    Some(because) => {
                        self.results
                            .insert(&step.address, StepResult::Skipped { because });
                    }
                }
            }
            if !steps.is_empty() {
                return Some(Unit { steps });
            }
        }
    }

    fn has_ended_before(&self, unit: &Unit<'_>) -> bool {
        unit.depends_on()
            .into_iter()
            .all(|address| !self.planned.contains(address) || self.results.contains_key(address))
    }

    fn failed_before(&self, step: &Step) -> Option<Address> {
        let failed = |address: &&Address| {
            self.results
                .get(*address)
                .is_some_and(|result| !matches!(result, StepResult::Done { .. }))
        };
        step.depends_on.iter().find(failed).cloned()
    }

    fn finished(&mut self, address: &'plan Address, result: StepResult) {
        self.results.insert(address, result);
    }

    /// Whether there is anything that would still have been tried.
    fn has_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    fn into_outcomes(self, plan: &Plan) -> Vec<StepOutcome> {
        let mut results = self.results;
        plan.steps
            .iter()
            .map(|step| StepOutcome {
                address: step.address.clone(),
                action: step.action,
                result: results
                    .remove(&step.address)
                    .unwrap_or(StepResult::NeverTried),
            })
            .collect()
    }
}
