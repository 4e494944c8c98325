//! Writes the metrics of a run, whole or not at all.

use crate::failure::Failure;
use crate::redaction::redactor;
use crate::whole_file::{self, Readers};
use camino::Utf8Path;
use render::metrics::{Beside, last_success, openmetrics};
use render::run_facts::RunFacts;
use std::io::Read as _;

/// How much is read of an earlier file.
const MOST_BYTES: u64 = 1 << 20;

/// The metrics, which are written to the file, if there is one. A failed run keeps the time of the last success that the file has.
///
/// # Errors
/// A file that cannot be written.
pub(super) fn write(
    path: Option<&Utf8Path>,
    run: &RunFacts,
    notices_failed: usize,
) -> Result<String, Failure> {
    let beside = Beside {
        last_success: path
            .and_then(earlier)
            .and_then(|text| last_success(&text, run)),
        notices_failed,
    };
    let text = openmetrics(run, &beside)?;
    let text = redactor().redact_lines(&text).into_owned();
    if let Some(path) = path {
        whole_file::write(path, text.as_bytes(), Readers::Anybody)?;
    }
    Ok(text)
}

/// What an earlier run wrote. A pipe or device has nothing.
fn earlier(path: &Utf8Path) -> Option<String> {
    let there = fs_err::symlink_metadata(path).ok()?;
    if !there.is_file() {
        return None;
    }
    let mut text = String::new();
    let file = fs_err::File::open(path).ok()?;
    file.take(MOST_BYTES).read_to_string(&mut text).ok()?;
    Some(text)
}
