//! Settles steps that were sent and not verified by the reading after the last step.

use model::{Event, EventSink, Outcome, Plan, StepResult};

/// Where the tenant was read completely, and the plan of that reading has nothing of a
/// step, it took effect. Otherwise it stays open: it may take effect later.
pub(super) fn by(plan: &Plan, outcome: &mut Outcome, events: &dyn EventSink) {
    if !plan.incomplete.is_empty() {
        return;
    }
    for step in &mut outcome.steps {
        let is_open = plan.steps.iter().any(|left| left.address == step.address)
            || plan.blocked.iter().any(|left| left.address == step.address);
        match &step.result {
            StepResult::SentNotVerified { .. } if !is_open => {
                step.result = StepResult::Done {
                    note: Some("sent; verified by the reading after the last step".to_owned()),
                };
                events.event(Event::Revised {
                    address: step.address.clone(),
                    result: step.result.clone(),
                });
            }
            StepResult::SentNotVerified { .. }
            | StepResult::Done { .. }
            | StepResult::Failed { .. }
            | StepResult::Skipped { .. }
            | StepResult::Blocked { .. }
            | StepResult::NeverTried => {}
        }
    }
}
