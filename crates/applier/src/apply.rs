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
use model::{Address, Event, EventSink, Outcome, Plan, StepOutcome, StepResult, TenantWrite, Unit};
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
    waiting: Vec<(BTreeSet<&'plan Address>, Unit<'plan>)>,
    results: BTreeMap<&'plan Address, StepResult>,
}

impl<'plan> Schedule<'plan> {
    fn new(plan: &'plan Plan) -> Self {
        let planned: BTreeSet<&Address> = plan.steps.iter().map(|step| &step.address).collect();
        let waiting = plan
            .units()
            .into_iter()
            .map(|unit| {
                let own: BTreeSet<&Address> = unit.steps.iter().map(|step| &step.address).collect();
                let first = unit
                    .steps
                    .iter()
                    .flat_map(|step| &step.depends_on)
                    .filter(|address| planned.contains(address) && !own.contains(address))
                    .collect();
                (first, unit)
            })
            .collect();
        Self {
            waiting,
            results: BTreeMap::new(),
        }
    }

    /// The next unit all of whose predecessors are done. Units with one that
    /// was not done are put down as skipped on the way.
    fn next_ready(&mut self) -> Option<Unit<'plan>> {
        loop {
            let (index, failed) =
                self.waiting
                    .iter()
                    .enumerate()
                    .find_map(|(index, (first, _))| {
                        let ended: Vec<_> = first
                            .iter()
                            .map(|address| (*address, self.results.get(*address)))
                            .collect();
                        if let Some((address, _)) = ended.iter().find(|(_, result)| {
                            result.is_some_and(|result| !matches!(result, StepResult::Done { .. }))
                        }) {
                            return Some((index, Some((*address).clone())));
                        }
                        ended
                            .iter()
                            .all(|(_, result)| result.is_some())
                            .then_some((index, None))
                    })?;
            let (_, unit) = self.waiting.remove(index);
            let Some(because) = failed else {
                return Some(unit);
            };
            for step in unit.steps {
                let because = because.clone();
                self.results
                    .insert(&step.address, StepResult::Skipped { because });
            }
        }
    }

    fn finished(&mut self, address: &'plan Address, result: StepResult) {
        self.results.insert(address, result);
    }

    /// Whether there is anything that would still have been tried.
    fn has_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    fn into_outcomes(self, plan: &Plan) -> Vec<StepOutcome> {
        let Self {
            waiting: _,
            mut results,
        } = self;
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
