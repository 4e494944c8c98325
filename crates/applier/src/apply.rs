//! Carrying out a plan.

use crate::cancel::Cancel;
use crate::context::Context;
use crate::execute;
use crate::journal::Journal;
use crate::lost_tokens;
use crate::options::Options;
use crate::schedule::Schedule;
use crate::stores::Stores;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use model::{Address, Event, EventSink, Outcome, Plan, StepResult, TenantWrite, Unit};
use std::time::Instant;

/// Carries out a plan.
///
/// Units that wait for nothing run in parallel. What waits for a step that was
/// not done is skipped, the rest goes on. After [`Cancel::cancel`] what is in
/// flight is finished and nothing new is begun; a wait for something that the
/// tenant does by itself is given up. The outcome has one entry for each step of
/// the plan, in the plan's order.
pub async fn apply<T: TenantWrite>(
    plan: &Plan,
    tenant: &T,
    stores: &Stores,
    journal: &Journal,
    options: &Options,
    events: &dyn EventSink,
    cancel: &Cancel,
) -> Outcome {
    let context = Context::new(tenant, stores, journal, options, events, cancel);
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
    let mut outcome = Outcome {
        steps: schedule.into_outcomes(),
        notices: Vec::new(),
        interrupted: false,
    };
    if outcome.all_done() {
        lost_tokens::settle(&context, journal).await;
    }
    outcome.notices = context.take_notices();
    outcome.interrupted = context.was_interrupted()
        || cancel.is_cancelled()
            && outcome.count(|result| matches!(result, StepResult::NeverTried)) > 0;
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
