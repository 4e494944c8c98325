//! Reads and writes the file of a saved plan.

use super::used;
use crate::failure::Failure;
use crate::whole_file::{self, Readers};
use camino::Utf8Path;
use jiff::Timestamp;
use model::Plan;
use render::saved_plan::{Approval, Binding, SavedPlan};

/// Writes a plan with all that it is bound to, readable by its owner only, whole
/// or not at all.
///
/// # Errors
/// A file that cannot be written.
pub(crate) fn write(path: &Utf8Path, plan: &Plan, binding: Binding<'_>) -> Result<(), Failure> {
    let saved_by = (Timestamp::now(), std::process::id());
    let text = SavedPlan::new(plan, binding, saved_by).text()?;
    whole_file::write(path, text.as_bytes(), Readers::Owner)?;
    // The mark of an earlier plan at the same place is not about this one.
    used::clear(path)
}

/// Reads a saved plan.
///
/// # Errors
/// A file that cannot be read, or cannot be taken for a saved plan.
pub(super) fn read(path: &Utf8Path) -> Result<Approval, Failure> {
    let bytes = fs_err::read(path).map_err(|error| Failure::File {
        message: format!("cannot read the saved plan {path}"),
        help: Some("write one with `steersman plan --save FILE`".to_owned()),
        source: Some(Box::new(error)),
    })?;
    Ok(Approval::parse(path, &bytes)?)
}
