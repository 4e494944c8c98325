//! Widths of table columns, such that no word is divided.

use crate::terminal::line::length;
use comfy_table::{ColumnConstraint, Table, Width};

/// Keeps columns as wide as their longest word, so that no address is broken in its
/// middle. Returns false where there is no room for that: then a table is none.
pub(crate) fn keep_words_whole(table: &mut Table, gap: usize, room: usize) -> bool {
    let widths: Vec<usize> = (0..table.column_count())
        .map(|column| {
            table
                .column_cells_with_header_iter(column)
                .flatten()
                .flat_map(|cell| {
                    let text = cell.content();
                    text.split([' ', '\n']).map(length).collect::<Vec<_>>()
                })
                .max()
                .unwrap_or(0)
                + gap
        })
        .collect();
    if widths.iter().sum::<usize>() > room {
        return false;
    }
    for (column, width) in table.column_iter_mut().zip(widths) {
        let width = u16::try_from(width).unwrap_or(u16::MAX);
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width)));
    }
    true
}
