//! Reports problems found at the tenant, at their places in the files.

use crate::failure::Failure;
use crate::output::Output;
use crate::terminal_size::columns_for_files;
use model::Plan;
use render::counted;
use render::diagnostics::{Diagnostics, Format};
use spec::Loaded;

/// Refuses a plan with problems, and prints them as diagnostics of the files.
///
/// # Errors
/// A plan with problems.
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
    output.talk(&Diagnostics::at_tenant(loaded, &plan.problems).render(format)?);
    Err(Failure::Problems(format!(
        "the spec cannot be applied to this tenant ({}); nothing was changed",
        counted(plan.problems.len(), "problem")
    )))
}
