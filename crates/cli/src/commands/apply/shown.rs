//! What an apply shows of a plan: its steps before it, and who must act after it.

use crate::assessment::Assessment;
use crate::failure::Failure;
use crate::next_command::next_commands;
use crate::output::Output;
use crate::session::Session;
use crate::{plan_redaction, terminal_size};
use model::Spec;
use render::terminal::{self, Layout};
use render::view::{PlanView, waiting};

/// Shows a plan.
///
/// # Errors
/// A plan that repeats a secret of others than the operator.
pub(super) fn show_plan(
    assessment: &Assessment,
    session: &Session,
    output: &mut Output,
) -> Result<(), Failure> {
    let there = assessment.accounts_there();
    let redactor = plan_redaction::of_plan();
    let view = PlanView::new(&assessment.plan, &there, None, |_| Vec::new(), &redactor)
        .calling_tenant(&session.tenant_name())
        // They were shown before, with the lines of the files.
        .without_problems();
    plan_redaction::refuse_repeated(&assessment.plan, &redactor)?;
    plan_redaction::warn_of_replaced(&redactor, output);
    let layout = Layout::of_apply(terminal_size::columns());
    let text = terminal::plan(&view, layout.with_commands(output.completion()));
    output.data(&plan_redaction::finished(
        &text,
        &assessment.plan,
        &redactor,
    )?);
    Ok(())
}

/// Shows who must act.
pub(super) fn show_waiting(
    assessment: &Assessment,
    spec: &Spec,
    session: &Session,
    output: &mut Output,
) {
    let redactor = plan_redaction::of_plan();
    let waiting = waiting(
        &assessment.plan,
        |account| next_commands(session, spec, output.completion(), account),
        &redactor,
    );
    let layout = Layout::of_apply(terminal_size::columns());
    let waiting = terminal::waiting(&waiting, layout.with_commands(output.completion()));
    match plan_redaction::finished(&waiting, &assessment.plan, &redactor) {
        Ok(waiting) if !waiting.is_empty() => output.data(&format!("\n{waiting}")),
        Ok(_) => {}
        Err(failure) => failure.report(output),
    }
}
