//! Changed fields as pieces of text, for the terminal and for HTML.

use super::difference::{Part, TextChange};
use super::field::FieldChange;

/// Lists longer than this are cut, where lists may be cut.
const LONG_LIST: usize = 20;
/// How many items of a long list are shown.
const LIST_EXAMPLES: usize = 10;

/// A piece of text and what happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) fate: Fate,
    pub(crate) text: String,
}

/// What happens to a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Plain,
    Comes,
    Goes,
    /// Comes in the middle of a longer text.
    WordsCome,
    /// Goes from the middle of a longer text.
    WordsGo,
    /// Says what the next piece is, or is there already.
    Quiet,
}

/// Whether long lists are shown to their ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lists {
    Whole,
    Cut,
}

impl Piece {
    pub(crate) fn new(fate: Fate, text: impl Into<String>) -> Self {
        Self {
            fate,
            text: text.into(),
        }
    }
}

/// The pieces of a change, in the order in which they are read.
pub(crate) fn pieces(change: &FieldChange, lists: Lists) -> Vec<Piece> {
    match change {
        FieldChange::Set(values) => list(values, Fate::Plain, lists),
        FieldChange::Gone(values) => list(values, Fate::Goes, lists),
        FieldChange::Text(change) => text(change),
        FieldChange::List {
            added,
            removed,
            kept,
        } => {
            let mut pieces = Vec::new();
            for (fate, sign, list) in [
                (Fate::Comes, "+", added),
                (Fate::Goes, "-", removed),
                (Fate::Quiet, "", kept),
            ] {
                for item in list {
                    if !pieces.is_empty() {
                        pieces.push(Piece::new(Fate::Plain, " "));
                    }
                    pieces.push(Piece::new(fate, format!("{sign}{item}")));
                }
            }
            pieces
        }
        FieldChange::Pairs(fields) => {
            let mut all = Vec::new();
            for field in fields {
                if !all.is_empty() {
                    all.push(Piece::new(Fate::Plain, ", "));
                }
                all.push(Piece::new(Fate::Quiet, format!("{}: ", field.name)));
                all.extend(pieces(&field.change, lists));
            }
            all
        }
    }
}

/// Items with commas: the shown ones, and how many more there are.
fn joined(values: &[String], lists: Lists) -> (String, Option<String>) {
    if lists == Lists::Whole || values.len() <= LONG_LIST {
        return (values.join(", "), None);
    }
    let (shown, rest) = values.split_at(LIST_EXAMPLES.min(values.len()));
    (shown.join(", "), Some(format!(", and {} more", rest.len())))
}

fn list(values: &[String], fate: Fate, lists: Lists) -> Vec<Piece> {
    let (shown, more) = joined(values, lists);
    let more = more.map(|more| Piece::new(Fate::Quiet, more));
    std::iter::once(Piece::new(fate, shown))
        .chain(more)
        .collect()
}

fn text(change: &TextChange) -> Vec<Piece> {
    if change.parts.is_empty() {
        return vec![
            Piece::new(Fate::Goes, change.before.as_str()),
            Piece::new(Fate::Plain, " → "),
            Piece::new(Fate::Comes, change.after.as_str()),
        ];
    }
    change
        .parts
        .iter()
        .map(|part| match part {
            Part::Stays(words) => Piece::new(Fate::Plain, words.as_str()),
            Part::Goes(words) => Piece::new(Fate::WordsGo, words.as_str()),
            Part::Comes(words) => Piece::new(Fate::WordsCome, words.as_str()),
        })
        .collect()
}
