//! Reads and writes the file of a saved plan.

use super::used;
use crate::failure::Failure;
use crate::plan_redaction;
use crate::spec_files::{plain, read_up_to};
use crate::whole_file::{self, Readers};
use camino::Utf8Path;
use jiff::Timestamp;
use model::Plan;
use render::redact_json;
use render::saved_plan::{Approval, Binding, FileDigest, SavedPlan};
use std::borrow::Cow;

/// Writes a plan with all that it is bound to, readable by its owner only, whole
/// or not at all. Returns the digest of the file.
///
/// Nothing in it is redacted: apply compares it with the plan of then, and two secrets
/// would become one text. A plan that repeats a secret of this run is not written.
///
/// # Errors
/// A plan with a secret in it, or a file that cannot be written.
pub(crate) fn write(
    path: &Utf8Path,
    plan: &Plan,
    binding: Binding<'_>,
) -> Result<FileDigest, Failure> {
    let saved_by = (Timestamp::now(), std::process::id());
    let saved = SavedPlan::new(plan, binding, saved_by);
    let text = saved.text()?;
    let redactor = plan_redaction::of_plan();
    if let Cow::Owned(_) = redact_json(&text, &redactor)? {
        plan_redaction::refuse_repeated(plan, &redactor)?;
        let place = saved.place_of_secret(&redactor)?;
        return Err(Failure::NotPermitted {
            message: format!(
                "cannot save the plan to {path}: {place} repeats a secret of this run, and a saved plan contains no secret"
            ),
            help: "replace that secret in ISC, because others can read it there; remove it from the name or text that repeats it, and plan again".to_owned(),
        });
    }
    whole_file::write(path, text.as_bytes(), Readers::Owner)?;
    // The mark of an earlier plan at the same place is not about this one.
    used::clear(path)?;
    Ok(FileDigest::of(text.as_bytes()))
}

/// How large the file may be: 64 MiB. A hundred thousand changes fit.
const MOST_BYTES: u64 = 64 << 20;

/// Reads a saved plan, with the digest that was handed over for it, if any.
///
/// # Errors
/// A file that cannot be read, has another digest, or cannot be taken for a saved plan.
pub(super) fn read(path: &Utf8Path, expected: Option<&FileDigest>) -> Result<Approval, Failure> {
    let unreadable = |error| Failure::File {
        message: format!("cannot read the saved plan {path}"),
        help: Some("write one with `steersman plan --save FILE`".to_owned()),
        source: Some(Box::new(error)),
    };
    // The operator names it, so a link may lead anywhere. A pipe has no place for the
    // mark that the plan is used.
    let real = path
        .canonicalize_utf8()
        .map_err(|error| unreadable(plain(&error)))?;
    let bytes = read_up_to(path, &real, MOST_BYTES)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MOST_BYTES) {
        return Err(Failure::File {
            message: format!("the saved plan {path} is larger than 64 MiB"),
            help: Some("check that it is the file that `plan --save` wrote".to_owned()),
            source: None,
        });
    }
    Ok(Approval::parse(path, bytes, expected)?)
}
