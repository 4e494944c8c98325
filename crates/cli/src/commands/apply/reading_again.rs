//! Reads and plans again after an apply.

use super::basis::Basis;
use super::run::Run;
use super::settled_sources;
use crate::assessment::{Assessment, Facts};
use crate::output::Output;
use model::{Outcome, Plan};
use planner::Allowances;

/// Reads and plans again after an apply; none where the tenant cannot be read, which is
/// reported.
pub(super) async fn read_again(
    run: &Run<'_>,
    (applied, outcome): (&Plan, &Outcome),
    output: &mut Output,
) -> Option<Assessment> {
    // It has changed since.
    run.watched.forget();
    // The allowances were for the plan that was just applied.
    let none = Allowances::default();
    let earlier = run.journal.earlier();
    let settled = settled_sources::after(applied, outcome);
    let read = run.permitted.purpose.again(Basis {
        spec: run.spec,
        reader: run.session.reader(),
        facts: Facts::of_apply(run.stores, &earlier, &settled),
        allow: &none,
        selection: &run.permitted.selection,
    });
    let read = tokio::select! {
        read = read => read,
        () = run.cancel.cancelled() => {
            output.talk("interrupted: applied, but not verified; run `steersman plan` to see what is left");
            return None;
        }
    };
    match read {
        Ok(assessment) => {
            run.watched.see(run.spec, &assessment);
            Some(assessment)
        }
        Err(failure) => {
            failure.report(output);
            output.talk("applied, but not verified: the tenant could not be read again; run `steersman plan` to see what is left");
            None
        }
    }
}
