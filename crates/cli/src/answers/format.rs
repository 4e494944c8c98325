//! Formats of an answer: a table for people, JSON for programs.

use crate::failure::Failure;
use clap::ValueEnum;
use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

/// The format of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people
    Text,
    /// JSON for programs
    Json,
}

/// A table without borders, as wide as the terminal.
pub(crate) fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header);
    table
}

/// The answer as indented JSON.
///
/// # Errors
/// An answer that cannot be serialized.
pub(crate) fn json(answer: &impl Serialize) -> Result<String, Failure> {
    render::json_text(answer).map_err(|error| Failure::Internal {
        message: "cannot write the answer as JSON".to_owned(),
        source: Box::new(error),
    })
}

/// A help line with the nearest known names, if any.
pub(crate) fn did_you_mean(suggestions: &[impl AsRef<str>]) -> Option<String> {
    let names: Vec<&str> = suggestions.iter().map(AsRef::as_ref).collect();
    (!names.is_empty()).then(|| format!("did you mean {}?", names.join(", ")))
}
