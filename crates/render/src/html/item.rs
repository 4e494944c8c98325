//! Groups of a plan in the form that the HTML template takes.

use crate::view::cells::{Cell, CellTable};
use crate::view::field::{FieldChange, FieldView};
use crate::view::group::{GroupKind, GroupView};
use crate::view::piece::{self as view, Fate, Lists, pieces};
use crate::view::row::{RowKind, RowView};
use model::Action;

/// One source or account.
pub(super) struct Item<'a> {
    pub(super) group: &'a GroupView,
    /// The word before the title.
    pub(super) kind: &'static str,
    /// The word after it.
    pub(super) aside: &'static str,
    pub(super) is_destructive: bool,
    /// What its lines do, each once, as mark, word and class.
    pub(super) marks: Vec<(&'static str, &'static str, &'static str)>,
    /// The same as words for the filter.
    pub(super) kinds: String,
    pub(super) open: bool,
    pub(super) rows: Vec<Row<'a>>,
}

/// One line of it.
pub(super) struct Row<'a> {
    pub(super) view: &'a RowView,
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) word: &'static str,
    pub(super) fields: Vec<Field<'a>>,
    pub(super) table: Option<Table<'a>>,
}

/// One field of a line.
pub(super) struct Field<'a> {
    /// Empty where the line's label says it.
    pub(super) name: &'a str,
    pub(super) pieces: Vec<Piece>,
}

/// A piece of text with the markup that it gets.
pub(super) struct Piece {
    pub(super) markup: Markup,
    pub(super) text: String,
}

/// The markup of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Markup {
    Plain,
    Inserted,
    Deleted,
    /// Deleted with the whole of which it is a part.
    DeletedAlong,
    Quiet,
}

/// The changed cells of an import.
pub(super) struct Table<'a> {
    pub(super) columns: &'a [String],
    pub(super) rows: Vec<TableRow>,
}

/// One row of it.
pub(super) struct TableRow {
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) word: String,
    pub(super) cells: Vec<TableCell>,
}

/// One cell of it.
pub(super) struct TableCell {
    /// Whether it is long enough for several lines.
    pub(super) is_prose: bool,
    pub(super) pieces: Vec<Piece>,
}

/// The kind of what is irreversible.
pub(super) const LOSS: &str = "loss";
/// Cells up to this many characters stay on one line.
const ONE_LINE: usize = 40;

impl<'a> Item<'a> {
    pub(super) fn new(group: &'a GroupView, few: bool) -> Self {
        let is_destructive = group.is_destructive();
        let mut marks = Vec::new();
        for row in &group.rows {
            let mark = (row.kind.mark(), row.kind.word(), class(row.kind));
            if !marks.contains(&mark) {
                marks.push(mark);
            }
        }
        let mut kinds: Vec<&str> = marks.iter().map(|(_, _, class)| *class).collect();
        if is_destructive {
            kinds.push(LOSS);
        }
        Self {
            kinds: kinds.join(" "),
            marks,
            group,
            kind: match group.kind {
                GroupKind::Source => "source",
                GroupKind::Account | GroupKind::UnmanagedAccount => "",
            },
            aside: match group.kind {
                GroupKind::UnmanagedAccount => "unmanaged",
                GroupKind::Source | GroupKind::Account => "",
            },
            is_destructive,
            open: is_destructive || few,
            rows: group.rows.iter().map(Row::new).collect(),
        }
    }
}

impl<'a> Row<'a> {
    fn new(view: &'a RowView) -> Self {
        Self {
            view,
            class: class(view.kind),
            mark: view.kind.mark(),
            word: view.kind.word(),
            fields: view
                .fields
                .iter()
                .map(|field| Field::new(field, view.kind))
                .collect(),
            table: view.table.as_ref().map(Table::new),
        }
    }
}

impl<'a> Field<'a> {
    fn new(view: &'a FieldView, of: RowKind) -> Self {
        let mut pieces = marked_up(&view.change);
        if of == RowKind::Step(Action::Delete) {
            for piece in &mut pieces {
                if piece.markup == Markup::Deleted {
                    piece.markup = Markup::DeletedAlong;
                }
            }
        }
        Self {
            name: if view.goes_without_saying() {
                ""
            } else {
                &view.name
            },
            pieces,
        }
    }
}

impl<'a> Table<'a> {
    fn new(table: &'a CellTable) -> Self {
        let rows = table.rows.iter().map(|row| TableRow {
            class: class(RowKind::Step(row.action)),
            mark: row.action.mark(),
            word: row.action.to_string(),
            cells: row
                .cells
                .iter()
                .map(|cell| table_cell(row.action, cell))
                .collect(),
        });
        Self {
            columns: &table.columns,
            rows: rows.collect(),
        }
    }
}

fn class(kind: RowKind) -> &'static str {
    match kind {
        RowKind::Step(Action::Create) => "create",
        RowKind::Step(Action::Update) => "update",
        RowKind::Step(Action::Replace) => "replace",
        RowKind::Step(Action::Delete) => "delete",
        RowKind::Step(Action::Run) | RowKind::Import => "run",
        RowKind::Blocked => "blocked",
        RowKind::Unmanaged => "aside",
    }
}

fn table_cell(action: Action, cell: &Cell) -> TableCell {
    let pieces = match cell {
        Cell::Blank => Vec::new(),
        Cell::Stays(text) => vec![piece(Markup::Plain, text.clone())],
        // A row that comes or goes as a whole is not marked cell by cell.
        Cell::Changes(FieldChange::Set(values)) if action == Action::Create => {
            vec![piece(Markup::Plain, values.join(", "))]
        }
        Cell::Changes(FieldChange::Gone(values)) if action == Action::Delete => {
            vec![piece(Markup::Plain, values.join(", "))]
        }
        Cell::Changes(FieldChange::Set(values)) => vec![piece(Markup::Inserted, values.join(", "))],
        Cell::Changes(change) => marked_up(change),
    };
    let length: usize = pieces.iter().map(|piece| piece.text.chars().count()).sum();
    TableCell {
        is_prose: length > ONE_LINE,
        pieces,
    }
}

fn marked_up(change: &FieldChange) -> Vec<Piece> {
    pieces(change, Lists::Whole)
        .into_iter()
        .map(|view::Piece { fate, text }| {
            let markup = match fate {
                Fate::Plain => Markup::Plain,
                Fate::Comes | Fate::WordsCome => Markup::Inserted,
                Fate::Goes | Fate::WordsGo => Markup::Deleted,
                Fate::Quiet => Markup::Quiet,
            };
            piece(markup, text)
        })
        .collect()
}

fn piece(markup: Markup, text: String) -> Piece {
    Piece { markup, text }
}
