//! Table of the changed cells of a CSV import.

use super::layout::Layout;
use super::line::Line;
use super::tone::{self, Tone};
use crate::cell_text::{MOST_CELLS, cell_text};
use crate::table_width;
use crate::view::cells::{Cell, CellRow, CellTable};
use crate::view::field::FieldChange;
use comfy_table::{Color, ContentArrangement, Row, Table, presets};
use model::Action;

/// Tables with more rows than this are shortened.
const MANY: usize = 20;
/// So many rows of each action are shown then, and all that are destructive.
const EXAMPLES: usize = 5;
/// Columns between columns.
const GAP: usize = 2;

/// Puts the table below the import's line. Where it does not fit without dividing words,
/// each row is a line of its own.
pub(super) fn push(text: &mut String, table: &CellTable, layout: Layout<'_>) {
    let indent = " ".repeat(layout.table_indent);
    let room = layout.width.saturating_sub(layout.table_indent);
    let mut shown = Table::new();
    shown
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .force_no_tty()
        .enforce_styling()
        .set_width(u16::try_from(room).unwrap_or(u16::MAX))
        .set_header(header(table));
    let mut seen = [0_usize; Action::ALL.len()];
    let mut left_out = 0_usize;
    let mut rows = Vec::new();
    for row in &table.rows {
        let of_action = Action::ALL
            .iter()
            .position(|action| *action == row.action)
            .and_then(|index| seen.get_mut(index));
        let number = of_action.map_or(0, |seen| {
            *seen += 1;
            *seen
        });
        if !layout.full && table.rows.len() > MANY && number > EXAMPLES && !row.destructive {
            left_out += 1;
            continue;
        }
        rows.push(row);
        let mark = comfy_table::Cell::new(row.action.mark());
        let mut cells = vec![colored(
            mark,
            tone::of_mark(row.action.mark(), row.destructive),
        )];
        let count = row.cells.len();
        let shown_cells = row.cells.iter().take(MOST_CELLS);
        cells.extend(shown_cells.map(|cell| shown_cell(row.action, cell, count)));
        shown.add_row(Row::from(cells));
    }
    shown.style_text_only();
    for column in shown.column_iter_mut() {
        column.set_padding((0, u16::try_from(GAP).unwrap_or(u16::MAX)));
    }
    if table_width::keep_words_whole(&mut shown, GAP, room) {
        for line in shown.lines() {
            text.push_str(&indent);
            text.push_str(line.trim_end());
            text.push('\n');
        }
    } else {
        for row in rows {
            push_row(text, table, row, layout);
        }
    }
    let mut notes = Vec::new();
    if left_out > 0 {
        notes.push(format!("and {left_out} more rows{}", layout.hint));
    }
    let columns = table.columns.len().saturating_sub(MOST_CELLS);
    if columns > 0 {
        notes.push(format!("and {columns} more columns; JSON has all"));
    }
    for note in notes {
        Line::new()
            .lead(Tone::Plain, indent.as_str())
            .text(Tone::Quiet, note)
            .write(text, layout);
    }
}

/// A row as a line of names and values.
fn push_row(text: &mut String, table: &CellTable, row: &CellRow, layout: Layout<'_>) {
    let mark = row.action.mark();
    let mut line = Line::new()
        .lead(Tone::Plain, " ".repeat(layout.table_indent))
        .lead(tone::of_mark(mark, row.destructive), format!("{mark} "));
    let count = row.cells.len();
    let cells = table.columns.iter().zip(&row.cells).take(MOST_CELLS);
    for (index, (column, cell)) in cells.enumerate() {
        let (value, tone) = cell_shown(row.action, cell, count);
        if value.is_empty() {
            continue;
        }
        if index > 0 {
            line = line.text(Tone::Quiet, " · ");
        }
        line = line
            .text(Tone::Quiet, format!("{}: ", cell_text(column, count)))
            .text(tone, value);
    }
    line.write(text, layout);
}

fn header(table: &CellTable) -> Row {
    let count = table.columns.len();
    let columns = table.columns.iter().take(MOST_CELLS);
    let names = columns.map(|column| cell_text(&column.to_uppercase(), count));
    std::iter::once(String::new())
        .chain(names)
        .map(|name| colored(comfy_table::Cell::new(name), Tone::Quiet))
        .collect::<Vec<_>>()
        .into()
}

fn shown_cell(action: Action, cell: &Cell, count: usize) -> comfy_table::Cell {
    let (text, tone) = cell_shown(action, cell, count);
    colored(comfy_table::Cell::new(text), tone)
}

fn cell_shown(action: Action, cell: &Cell, count: usize) -> (String, Tone) {
    match cell {
        Cell::Blank => (String::new(), Tone::Plain),
        Cell::Stays(text) => (cell_text(text, count), Tone::Plain),
        Cell::Changes(change) => changed(action, change, count),
    }
}

fn changed(action: Action, change: &FieldChange, count: usize) -> (String, Tone) {
    match change {
        FieldChange::Set(values) => {
            let tone = if action == Action::Create {
                Tone::Plain
            } else {
                Tone::Good
            };
            (cell_text(&values.join(", "), count), tone)
        }
        FieldChange::Gone(values) => (cell_text(&values.join(", "), count), Tone::Bad),
        FieldChange::Text(change) => {
            // Each side by itself, so that a long one hides nothing of the other.
            let [before, after] =
                [&change.before, &change.after].map(|side| cell_text(side, 2 * count));
            (format!("{before} → {after}"), Tone::Warn)
        }
        // Cells are single texts.
        FieldChange::List { .. } | FieldChange::Pairs(_) => (String::new(), Tone::Plain),
    }
}

fn colored(cell: comfy_table::Cell, tone: Tone) -> comfy_table::Cell {
    match tone {
        Tone::Plain | Tone::Strong => cell,
        Tone::Quiet => cell.add_attribute(comfy_table::Attribute::Dim),
        Tone::Good => cell.fg(Color::DarkGreen),
        Tone::Bad | Tone::BadStrong => cell.fg(Color::DarkRed),
        Tone::Warn | Tone::WarnStrong => cell.fg(Color::DarkYellow),
        Tone::New => cell.fg(Color::DarkMagenta),
        Tone::Accent => cell.fg(Color::DarkCyan),
    }
}
