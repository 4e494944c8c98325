//! Width of the terminal, which renderers are given.

use crate::environment;
use comfy_table::Table;

/// The width where nothing says how wide lines may be.
const USUAL: usize = 100;

/// The width of standard output: what `COLUMNS` says, else the terminal's, else
/// a usual one.
pub(crate) fn columns() -> usize {
    variable()
        .or_else(|| of_terminal().map(usize::from))
        .unwrap_or(USUAL)
}

/// The width of what is underlined in files: what `COLUMNS` says where that can
/// be read, else a usual one.
pub(crate) fn columns_for_files() -> usize {
    variable()
        .filter(|columns| (40..=200).contains(columns))
        .unwrap_or(USUAL)
}

/// The width of the terminal; none where standard output is not one.
pub(crate) fn of_terminal() -> Option<u16> {
    Table::new().width()
}

fn variable() -> Option<usize> {
    environment::variable("COLUMNS")?.parse().ok()
}
