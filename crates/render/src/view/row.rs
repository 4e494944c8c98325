//! Line of a plan: a step, a blocked object, or an unmanaged one.

use super::cells::CellTable;
use super::field::{FieldView, fields_of};
use super::next_step::role_of;
use model::{
    Action, Address, Blocked, BlockedReason, Incomplete, Operation, RaisedThreshold, RowChange,
    Step, Unmanaged, Who, visible,
};
use std::collections::BTreeMap;

/// A line of a plan, with its fields.
#[derive(Clone, Debug)]
pub(crate) struct RowView {
    pub(crate) address: String,
    pub(crate) kind: RowKind,
    /// What it is called within its group, such as `token monthly-report`.
    pub(crate) label: String,
    /// Why, or what it means; empty where the mark says it all.
    pub(crate) note: String,
    pub(crate) fields: Vec<FieldView>,
    /// The changed cells, for an import.
    pub(crate) table: Option<CellTable>,
    /// Whether it is one row of an import that has a table of several.
    pub(crate) in_table: bool,
    /// Whether it is irreversible.
    pub(crate) destructive: bool,
    /// How to unblock it.
    pub(crate) remedy: Option<Remedy>,
}

/// How to unblock something, and who can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Remedy {
    pub(crate) what: String,
    pub(crate) who: String,
    /// Whether the accounts that need action say it, now or when the plan is
    /// applied, so the line need not.
    pub(crate) said_elsewhere: bool,
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

    /// The mark as a word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Step(Action::Create) => "create",
            Self::Step(Action::Update) => "update",
            Self::Step(Action::Replace) => "replace",
            Self::Step(Action::Delete) => "delete",
            Self::Step(Action::Run) | Self::Import => "run",
            Self::Blocked => "blocked",
            Self::Unmanaged => "unmanaged",
        }
    }
}

impl RowView {
    pub(crate) fn of_step(step: &Step, in_table: bool) -> Self {
        let note = match step.action {
            Action::Update if step.destructive => step.reason.text().to_owned(),
            Action::Run if step.changed_fields().is_empty() => step.reason.text().to_owned(),
            Action::Create | Action::Update | Action::Run => String::new(),
            Action::Replace | Action::Delete => step.reason.text().to_owned(),
        };
        let note = match assumed(step) {
            Some(assumed) if note.is_empty() => assumed,
            Some(assumed) => format!("{note}; {assumed}"),
            None => note,
        };
        Self {
            note,
            fields: fields_of(step),
            in_table,
            destructive: step.destructive,
            ..Self::new(&step.address, RowKind::Step(step.action))
        }
    }

    /// A blocked object; `unread` are the collections whose partial read the plan
    /// explains once, so the line need not.
    pub(crate) fn of_blocked(
        blocked: &Blocked,
        said_elsewhere: bool,
        unread: &BTreeMap<String, Incomplete>,
    ) -> Self {
        let message = match blocked.reason {
            BlockedReason::Unread => unread
                .values()
                .find_map(|why| blocked.message.strip_suffix(&format!(": {why}"))),
            _ => None,
        };
        Self {
            note: visible(message.unwrap_or(&blocked.message)),
            remedy: (blocked.who != Who::NextApply).then(|| Remedy {
                what: visible(&blocked.remedy),
                who: visible(&role_of(&blocked.who)),
                said_elsewhere,
            }),
            ..Self::new(&blocked.address, RowKind::Blocked)
        }
    }

    pub(crate) fn of_unmanaged(unmanaged: &Unmanaged) -> Self {
        let (label, note) = match &unmanaged.address {
            Address::Account(key) => (
                format!("account {key}"),
                format!("{}: {}", unmanaged.name, unmanaged.in_words()),
            ),
            other => (label(other), unmanaged.in_words()),
        };
        Self {
            label: visible(&label),
            note: visible(&note),
            ..Self::new(&unmanaged.address, RowKind::Unmanaged)
        }
    }

    /// The remedy, where the line says it.
    pub(crate) fn remedy_here(&self) -> Option<&Remedy> {
        self.remedy.as_ref().filter(|remedy| !remedy.said_elsewhere)
    }

    /// The one import that carries all rows of a source.
    pub(crate) fn of_import(address: &Address, steps: &[&Step], there: Option<usize>) -> Self {
        let count = |wanted: fn(&Step) -> bool| steps.iter().filter(|step| wanted(step)).count();
        let created = count(|step| step.action == Action::Create);
        let updated = count(|step| matches!(step.action, Action::Update | Action::Replace));
        let reexamined = count(|step| step.action == Action::Run);
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
        for (number, word) in [
            (created, "created"),
            (updated, "updated"),
            (deleted, "deleted"),
            (reexamined, "re-examined"),
        ] {
            if number > 0 {
                parts.push(format!("{number} {word}"));
            }
        }
        if let Some(there) = there {
            let kept = there.saturating_sub(updated + deleted + reexamined);
            if kept > 0 {
                parts.push(format!("{kept} resent unchanged"));
            }
        }
        let raised = steps.iter().find_map(|step| match &step.operation {
            Operation::ImportRow { basis, .. } => basis.raised,
            _ => None,
        });
        let raised = raised.map_or_else(String::new, |RaisedThreshold { to, back }| {
            format!("; deleteThreshold is {to}% for it, then {back}% again")
        });
        Self {
            label: "accounts".to_owned(),
            note: format!("CSV import: {}{raised}", parts.join(", ")),
            table: Some(CellTable::of(steps)),
            destructive: steps.iter().any(|step| step.destructive),
            ..Self::new(address, RowKind::Import)
        }
    }

    fn new(address: &Address, kind: RowKind) -> Self {
        Self {
            address: visible(&address.to_string()),
            kind,
            label: visible(&label(address)),
            note: String::new(),
            fields: Vec::new(),
            table: None,
            in_table: false,
            destructive: false,
            remedy: None,
        }
    }
}

/// What a step takes for granted, because a store was not asked.
fn assumed(step: &Step) -> Option<String> {
    if step.assuming.is_empty() {
        return None;
    }
    let places: Vec<String> = step.assuming.iter().map(ToString::to_string).collect();
    Some(visible(&format!(
        "assumes the secret at {}, which was not asked",
        places.join(" and ")
    )))
}

/// The label of an object within its group.
fn label(address: &Address) -> String {
    match address {
        Address::Source(_) => "source".to_owned(),
        Address::Schema(_) => "account schema".to_owned(),
        Address::Account(_) => "account".to_owned(),
        Address::Profile(_) => "identity profile".to_owned(),
        Address::Processing(_) => "identity processing".to_owned(),
        Address::Invitation(_) => "invitation".to_owned(),
        Address::Levels(_) => "user levels".to_owned(),
        Address::Issuer(_) => "issuer token".to_owned(),
        Address::Token(_, name) => format!("token {name}"),
    }
}
