//! Shape of an account's changes, by which similar accounts are combined.

use super::field::FieldChange;
use super::row::{RowKind, RowView};
use super::waiting::with_placeholder;

/// The kind of change that an account meets. Two accounts of the same shape are
/// alike in all that decides what they may do: actions, user levels, scopes.
/// They differ in names, texts and dates.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Shape {
    lines: Vec<ShapeLine>,
    /// Whether all of it is blocked, so the plan changes nothing.
    blocked: bool,
}

/// One line of what accounts have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ShapeLine {
    pub(crate) mark: &'static str,
    pub(crate) label: String,
    /// What each of them gets or is blocked by; empty where that differs.
    pub(crate) text: String,
}

impl Shape {
    /// The shape of what is always shown by itself.
    pub(crate) fn alone() -> Self {
        Self {
            lines: Vec::new(),
            blocked: false,
        }
    }

    /// The shape of an account's lines. What is irreversible is always shown
    /// by itself.
    pub(crate) fn of(rows: &[RowView], name: &str) -> Self {
        if rows.iter().any(|row| row.destructive) {
            return Self::alone();
        }
        let mut lines: Vec<ShapeLine> = rows.iter().map(|row| line(row, name)).collect();
        lines.dedup();
        Self {
            blocked: rows.iter().all(|row| row.kind == RowKind::Blocked),
            lines,
        }
    }

    /// Whether accounts of this shape may be combined.
    pub(crate) fn is_common(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Whether everything of an account of this shape is blocked.
    pub(crate) fn is_blocked(&self) -> bool {
        self.is_common() && self.blocked
    }

    /// What they have in common.
    pub(crate) fn lines(&self) -> &[ShapeLine] {
        &self.lines
    }
}

fn line(row: &RowView, name: &str) -> ShapeLine {
    let (label, rest) = row
        .label
        .split_once(' ')
        .filter(|(first, _)| *first == "token")
        .unwrap_or((row.label.as_str(), ""));
    let powers: Vec<String> = row
        .fields
        .iter()
        .filter_map(|field| match field.name.as_str() {
            "userLevels" | "scopes" => Some(powers(&field.change)),
            "deliver" => Some(format!("delivered to {}", store(&field.change))),
            _ => None,
        })
        .collect();
    let text = if row.kind == RowKind::Blocked {
        with_placeholder(&with_placeholder(&row.note, name), rest)
    } else {
        powers.join(" · ")
    };
    ShapeLine {
        mark: row.kind.mark(),
        label: label.to_owned(),
        text,
    }
}

/// The store of a destination; its key is the account's own.
fn store(change: &FieldChange) -> String {
    let place = powers(change);
    place
        .split_once(':')
        .map_or(place.as_str(), |(store, _)| store)
        .to_owned()
}

/// What an account may do afterwards, and no longer.
fn powers(change: &FieldChange) -> String {
    match change {
        FieldChange::Set(items) => items.join(", "),
        FieldChange::Gone(items) => format!("without {}", items.join(", ")),
        FieldChange::Text(text) => format!("{} → {}", text.before, text.after),
        FieldChange::List {
            added,
            removed,
            kept,
        } => {
            let mut parts: Vec<String> = added.iter().map(|item| format!("+{item}")).collect();
            parts.extend(removed.iter().map(|item| format!("-{item}")));
            parts.extend(kept.iter().cloned());
            parts.join(" ")
        }
        FieldChange::Pairs(_) => String::new(),
    }
}
