//! How wide lines may be.

use crate::environment;
use comfy_table::Table;

/// What is taken where nothing says how wide lines may be.
const USUAL: usize = 100;
/// What is taken where long lines are no trouble.
const WIDE: usize = 120;
/// Narrower than this nothing is laid out.
const LEAST: usize = 40;

/// The width of standard output: what `COLUMNS` says, else the terminal's,
/// else a usual one.
pub(super) fn of_standard_output() -> usize {
    environment::variable("COLUMNS")
        .and_then(|columns| columns.parse().ok())
        .or_else(|| Table::new().width().map(usize::from))
        .unwrap_or(USUAL)
        .max(LEAST)
}

/// The width for blocks of code in documents, which can be scrolled.
pub(super) fn of_blocks() -> usize {
    WIDE
}

/// The width for files, which is the same everywhere.
pub(super) fn of_files() -> usize {
    USUAL
}
