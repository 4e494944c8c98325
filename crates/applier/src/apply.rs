//! Entry point of the applier: executes a plan.

use crate::cancel::{Cancel, FINISHING};
use crate::context::Context;
use crate::execute;
use crate::invited;
use crate::journal::Journal;
use crate::lost_tokens;
use crate::options::Options;
use crate::schedule::Schedule;
use crate::step_error::StepError;
use crate::stores::Stores;
use crate::tracking::tracked;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use model::{
    Action, Address, Event, EventSink, Outcome, Plan, Step, StepResult, TenantWrite, Unit,
};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// Executes a plan.
///
/// Units that depend on nothing run in parallel. Steps that depend on a failed
/// step are skipped; the others continue. After [`Cancel::cancel`] operations in
/// flight are finished and no new one begins; a wait for work that ISC does by
/// itself ends, and what has not ended after [`FINISHING`] is abandoned. The outcome has one entry for each step of the plan, in the
/// plan's order.
pub async fn apply<T: TenantWrite>(
    plan: &Plan,
    tenant: &T,
    stores: &Stores,
    journal: &Journal,
    options: &Options,
    events: &dyn EventSink,
    cancel: &Cancel,
) -> Outcome {
    let context = Context::new(tenant, stores, journal, options, events, cancel, plan);
    let mut schedule = Schedule::new(plan);
    let mut running = FuturesUnordered::new();
    // The steps in flight.
    let mut begun: BTreeSet<&Address> = BTreeSet::new();
    let mut abandoned = std::pin::pin!(cancel.cancelled_for(FINISHING));
    let mut is_abandoned = false;
    loop {
        while running.len() < options.parallelism.max(1) && !cancel.is_cancelled() {
            let Some(unit) = schedule.next_ready() else {
                break;
            };
            begun.extend(unit.steps.iter().map(|step| &step.address));
            running.push(run(&context, unit));
        }
        for (step, result) in schedule.take_skipped() {
            context.progress.event(not_begun(step, result));
        }
        let results = tokio::select! {
            biased;
            results = running.next() => results,
            () = &mut abandoned => {
                is_abandoned = true;
                break;
            }
        };
        let Some(results) = results else {
            break;
        };
        for (address, result) in results {
            begun.remove(address);
            schedule.finished(address, result);
        }
    }
    // Programs of stores end with them.
    drop(running);
    for step in plan
        .steps
        .iter()
        .filter(|step| begun.contains(&step.address))
    {
        let result = context.failed(StepError::Abandoned);
        context.progress.event(not_begun(step, result.clone()));
        schedule.finished(&step.address, result);
    }
    let open: BTreeSet<&Address> = plan
        .steps
        .iter()
        .map(|step| &step.address)
        .filter(|address| !schedule.has_ended(address))
        .collect();
    let steps = schedule.into_outcomes();
    for (step, ended) in plan.steps.iter().zip(&steps) {
        if open.contains(&step.address) {
            context
                .progress
                .event(not_begun(step, ended.result.clone()));
        }
    }
    let mut outcome = Outcome {
        steps,
        notices: Vec::new(),
        interrupted: false,
        refused: context.refused(),
    };
    if !is_abandoned {
        tokio::select! {
            biased;
            () = execute::verify_tokens(&context, &mut outcome.steps) => {}
            () = &mut abandoned => is_abandoned = true,
        }
    }
    if outcome.all_done() && !is_abandoned {
        invited::settle(&context).await;
        lost_tokens::settle(&context).await;
        execute::threshold::settle(&context).await;
    }
    outcome.notices = context.progress.take_notices();
    outcome.interrupted = is_abandoned
        || context.interrupts.ended_a_wait()
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
    context.progress.event(Event::Started { addresses });
    let (results, tracking_ids) = tracked(execute::unit(context, &unit)).await;
    let actions: BTreeMap<&Address, Action> = unit
        .steps
        .iter()
        .map(|step| (&step.address, step.action))
        .collect();
    for (address, result) in &results {
        context.progress.event(Event::Finished {
            address: (*address).clone(),
            action: actions.get(address).copied().unwrap_or(Action::Run),
            result: result.clone(),
            elapsed: since.elapsed(),
            tracking_ids: tracking_ids.clone(),
        });
    }
    results
}

/// The end of a step on which no work began.
fn not_begun(step: &Step, result: StepResult) -> Event {
    Event::Finished {
        address: step.address.clone(),
        action: step.action,
        result,
        elapsed: Duration::ZERO,
        tracking_ids: Vec::new(),
    }
}
