//! Reports problems found at the tenant, at their places in the files.

use crate::diagnostics;
use crate::failure::Failure;
use crate::output::Output;
use crate::render::style::counted;
use model::Plan;
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
    let found: Vec<spec::Diagnostic> = plan
        .problems
        .iter()
        .map(|problem| loaded.diagnose(problem))
        .collect();
    output.talk(&diagnostics::terminal::render_all(
        &found,
        loaded,
        output.talk_in_colour(),
    ));
    Err(Failure::Problems(format!(
        "the spec cannot be applied to this tenant ({}); nothing was changed",
        counted(found.len(), "problem")
    )))
}
