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

/// The width of messages on standard error, which are wrapped for a person: what `COLUMNS`
/// says, else the terminal's. A file or a log of CI gets whole lines.
pub(crate) fn columns_of_messages() -> Option<usize> {
    variable().or_else(|| Table::new().use_stderr().width().map(usize::from))
}

/// The width of messages on standard output, in the same way.
pub(crate) fn columns_of_lines() -> Option<usize> {
    variable().or_else(|| of_terminal().map(usize::from))
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
