//! Table of the cells that a CSV import changes.

use super::field::{FieldChange, FieldView, fields_of, rank};
use model::{Action, Operation, Step, visible};
use std::collections::BTreeSet;

/// The rows of an import that change, and of them the columns that do.
#[derive(Clone, Debug)]
pub(crate) struct CellTable {
    /// The columns, `id` and `name` first.
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<CellRow>,
}

/// One row of the file.
#[derive(Clone, Debug)]
pub(crate) struct CellRow {
    pub(crate) action: Action,
    /// Whether it is irreversible.
    pub(crate) destructive: bool,
    /// One for each column.
    pub(crate) cells: Vec<Cell>,
}

/// What happens to a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// It stays as it is, and says which row this is.
    Stays(String),
    /// It changes.
    Changes(FieldChange),
    /// It stays as it is, or has no value before and after.
    Blank,
}

impl CellTable {
    /// The table of an import's steps, in their order.
    pub(crate) fn of(steps: &[&Step]) -> Self {
        let rows: Vec<(&Step, Vec<FieldView>)> =
            steps.iter().map(|step| (*step, fields_of(step))).collect();
        let changed: BTreeSet<&str> = rows
            .iter()
            .flat_map(|(_, fields)| fields)
            .map(|field| field.name.as_str())
            .chain(["id", "name"])
            .collect();
        let mut columns: Vec<String> = changed.into_iter().map(str::to_owned).collect();
        columns.sort_by_key(|column| rank(column));
        let rows = rows
            .iter()
            .map(|(step, fields)| CellRow {
                action: step.action,
                destructive: step.destructive,
                cells: columns
                    .iter()
                    .map(|column| cell(step, fields, column))
                    .collect(),
            })
            .collect();
        Self { columns, rows }
    }
}

fn cell(step: &Step, fields: &[FieldView], column: &str) -> Cell {
    if let Some(field) = fields.iter().find(|field| field.name == column) {
        return Cell::Changes(field.change.clone());
    }
    let stays = step
        .after
        .as_ref()
        .and_then(|fields| fields.get(column)?.as_str());
    match (column, stays, &step.operation) {
        ("id" | "name", Some(text), _) => Cell::Stays(visible(text)),
        (
            "id",
            None,
            Operation::ImportRow {
                native_identity, ..
            },
        ) => Cell::Stays(visible(native_identity.as_str())),
        _ => Cell::Blank,
    }
}
