//! Problems that only the tenant could show, at their places in the files.

use crate::diagnostics;
use crate::failure::Failure;
use crate::output::Output;
use crate::render::style::counted;
use model::Plan;
use spec::Loaded;

/// Shows the problems of a plan as if the files had been checked against the
/// tenant.
///
/// # Errors
/// If there is any.
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
        "the spec cannot be carried out at this tenant ({}); nothing was changed",
        counted(found.len(), "problem")
    )))
}
