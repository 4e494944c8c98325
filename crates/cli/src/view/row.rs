//! One line of a plan: a step, something blocked, or something undeclared.

use super::field::{FieldView, fields_of};
use model::{Action, Address, Blocked, Operation, RowChange, Step, Unmanaged};

/// A line of a plan with what stands below it.
#[derive(Clone, Debug)]
pub(crate) struct RowView {
    pub(crate) address: Address,
    pub(crate) kind: RowKind,
    /// What it is called within its group, such as `token monthly-report`.
    pub(crate) label: String,
    /// Why, or what it means; empty where the mark says it all.
    pub(crate) note: String,
    pub(crate) fields: Vec<FieldView>,
    pub(crate) destructive: bool,
}

/// What kind of line it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowKind {
    Step(Action),
    /// All account rows of a source, as one import.
    Import,
    Blocked,
    Unmanaged,
}

impl RowKind {
    /// The mark in front of the line.
    pub(crate) fn mark(self) -> &'static str {
        match self {
            Self::Step(action) => action.mark(),
            Self::Import => ">",
            Self::Blocked => "!",
            Self::Unmanaged => "?",
        }
    }
}

impl RowView {
    pub(crate) fn of_step(step: &Step) -> Self {
        let note = match step.action {
            Action::Create | Action::Update | Action::Run => String::new(),
            Action::Replace | Action::Delete => step.reason.text().to_owned(),
        };
        Self {
            address: step.address.clone(),
            kind: RowKind::Step(step.action),
            label: label(&step.address),
            note,
            fields: fields_of(step),
            destructive: step.destructive,
        }
    }

    pub(crate) fn of_blocked(blocked: &Blocked) -> Self {
        Self {
            address: blocked.address.clone(),
            kind: RowKind::Blocked,
            label: label(&blocked.address),
            note: format!("waits: {}", blocked.message),
            fields: Vec::new(),
            destructive: false,
        }
    }

    pub(crate) fn of_unmanaged(unmanaged: &Unmanaged) -> Self {
        let note = match unmanaged.address {
            Address::Account(_) => format!("{}: no file declares it; it is kept", unmanaged.name),
            _ => "no file declares it; it is left alone".to_owned(),
        };
        Self {
            address: unmanaged.address.clone(),
            kind: RowKind::Unmanaged,
            label: match &unmanaged.address {
                Address::Account(key) => format!("account {key}"),
                other => label(other),
            },
            note,
            fields: Vec::new(),
            destructive: false,
        }
    }

    /// The one import that carries all rows of a source.
    pub(crate) fn of_import(address: Address, steps: &[&Step], there: Option<usize>) -> Self {
        let count = |wanted: fn(&Step) -> bool| steps.iter().filter(|step| wanted(step)).count();
        let added = count(|step| step.action == Action::Create);
        let changed = count(|step| step.action == Action::Update);
        let deleted = count(|step| {
            matches!(
                step.operation,
                Operation::ImportRow {
                    change: RowChange::Delete,
                    ..
                }
            )
        });
        let mut parts = Vec::new();
        for (number, word) in [(added, "added"), (changed, "changed"), (deleted, "deleted")] {
            if number > 0 {
                parts.push(format!("{number} {word}"));
            }
        }
        if let Some(there) = there {
            let kept = there.saturating_sub(changed + deleted);
            if kept > 0 {
                parts.push(format!("{kept} sent again as they are"));
            }
        }
        Self {
            address,
            kind: RowKind::Import,
            label: "accounts".to_owned(),
            note: format!("one CSV import: {}", parts.join(", ")),
            fields: Vec::new(),
            destructive: deleted > 0,
        }
    }
}

fn label(address: &Address) -> String {
    match address {
        Address::Source(_) => "source".to_owned(),
        Address::Schema(_) => "account schema".to_owned(),
        Address::Account(_) => "account".to_owned(),
        Address::Profile(_) => "identity profile".to_owned(),
        Address::Processing(_) => "identity processing".to_owned(),
        Address::Invitation(_) => "invitation".to_owned(),
        Address::Levels(_) => "user levels".to_owned(),
        Address::Token(_, name) => format!("token {name}"),
    }
}
