//! Reads and writes the file of a saved plan.

use super::used;
use crate::failure::Failure;
use crate::whole_file::{self, Readers};
use camino::Utf8Path;
use jiff::Timestamp;
use model::Plan;
use render::saved_plan::{Approval, Binding, FileDigest, SavedPlan};

/// Writes a plan with all that it is bound to, readable by its owner only, whole
/// or not at all. Returns the digest of the file.
///
/// # Errors
/// A file that cannot be written.
pub(crate) fn write(
    path: &Utf8Path,
    plan: &Plan,
    binding: Binding<'_>,
) -> Result<FileDigest, Failure> {
    let saved_by = (Timestamp::now(), std::process::id());
    let text = SavedPlan::new(plan, binding, saved_by).text()?;
    whole_file::write(path, text.as_bytes(), Readers::Owner)?;
    // The mark of an earlier plan at the same place is not about this one.
    used::clear(path)?;
    Ok(FileDigest::of(text.as_bytes()))
}

/// Reads a saved plan, with the digest that was handed over for it, if any.
///
/// # Errors
/// A file that cannot be read, has another digest, or cannot be taken for a saved plan.
pub(super) fn read(path: &Utf8Path, expected: Option<&FileDigest>) -> Result<Approval, Failure> {
    let bytes = fs_err::read(path).map_err(|error| Failure::File {
        message: format!("cannot read the saved plan {path}"),
        help: Some("write one with `steersman plan --save FILE`".to_owned()),
        source: Some(Box::new(error)),
    })?;
    Ok(Approval::parse(path, &bytes, expected)?)
}
