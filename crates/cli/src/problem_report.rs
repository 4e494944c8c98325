//! Reports problems found at the tenant, at their places in the files.

use crate::failure::Failure;
use crate::output::Output;
use crate::redaction::redactor;
use crate::terminal_size::columns_for_files;
use model::{Plan, Problem};
use render::counted;
use render::diagnostics::{Diagnostics, Format};
use spec::Loaded;

/// Prints the problems of a plan as diagnostics of the files, and refuses the plan where
/// one of them is about all of it.
///
/// # Errors
/// A plan that is refused.
pub(crate) fn refuse_problems(
    plan: &Plan,
    loaded: &Loaded,
    output: &mut Output,
) -> Result<(), Failure> {
    if plan.problems.is_empty() {
        return Ok(());
    }
    let format = Format::Text {
        columns: columns_for_files(),
        color: output.talk_in_colour(),
    };
    let diagnostics = Diagnostics::at_tenant(loaded, &plan.problems, redactor());
    output.talk_laid_out(&diagnostics.render(format)?);
    let refusing: Vec<Problem> = plan
        .problems
        .iter()
        .filter(|problem| problem.refuses_plan())
        .cloned()
        .collect();
    // What several accounts have from one place counts once, as it is shown.
    match Diagnostics::at_tenant(loaded, &refusing, redactor()).len() {
        0 => Ok(()),
        refusing => Err(Failure::Problems(format!(
            "the spec cannot be applied to this tenant ({}); nothing was changed",
            counted(refusing, "problem")
        ))),
    }
}
