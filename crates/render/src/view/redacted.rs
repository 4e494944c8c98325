//! Says for each part of a view which of its parts have texts to redact.

use super::cells::{Cell, CellRow, CellTable};
use super::difference::TextChange;
use super::field::{FieldChange, FieldView};
use super::group::GroupView;
use super::notes::{GuardView, IncompleteView, ProblemView};
use super::plan::PlanView;
use super::redact::Redact;
use super::row::{Remedy, RowView};
use super::selection::SelectionView;
use super::shape::{Shape, ShapeLine};
use super::stores::StoreView;
use super::waiting::{HumanStep, WaitingAccount, WaitingView};
use model::Redactor;
use std::borrow::Cow;

/// A part with named parts. Each of them is redacted, or said to have no text.
macro_rules! redact {
    ($($type:ident { $($text:ident),* $(; $($none:ident),*)? })*) => {
        $(impl Redact for $type {
            fn redact(&mut self, redactor: &Redactor) {
                let Self { $($text,)* $($($none: _,)*)? } = self;
                $($text.redact(redactor);)*
            }
        })*
    };
}

redact! {
    PlanView {
        tenant, called, user, selection, problems, guards, incomplete, groups, waiting, stores;
        created_at, spec_digest, state, redacted, summary, hides_waiting
    }
    SelectionView { said, also, without; not_selected }
    ProblemView { message, help, place, address; code }
    GuardView { message, remedy; name, refuses, counted, limit }
    IncompleteView { collection, why }
    GroupView { title, subtitle, rows, shape; kind, stage }
    RowView {
        address, label, note, fields, table, remedy;
        kind, in_table, destructive
    }
    Remedy { what, who; said_elsewhere }
    FieldView { name, change }
    CellTable { columns, rows }
    CellRow { cells; action, destructive }
    WaitingView { steps, why, next, accounts; simulated }
    WaitingAccount { key, name, command, tokens; stage }
    HumanStep { who, what }
    Shape { lines; blocked }
    ShapeLine { label, text; mark }
    StoreView { name, kind, facts }
}

impl Redact for Cell {
    fn redact(&mut self, redactor: &Redactor) {
        match self {
            Self::Stays(text) => text.redact(redactor),
            Self::Changes(change) => change.redact(redactor),
            Self::Blank => {}
        }
    }
}

impl Redact for FieldChange {
    fn redact(&mut self, redactor: &Redactor) {
        match self {
            Self::Set(values) | Self::Gone(values) => values.redact(redactor),
            Self::Text(change) => change.redact(redactor),
            Self::List {
                added,
                removed,
                kept,
            } => {
                added.redact(redactor);
                removed.redact(redactor);
                kept.redact(redactor);
            }
            Self::Pairs(fields) => fields.redact(redactor),
        }
    }
}

impl Redact for TextChange {
    fn redact(&mut self, redactor: &Redactor) {
        let clean = (redactor.redact(&self.before), redactor.redact(&self.after));
        if let (Cow::Borrowed(_), Cow::Borrowed(_)) = clean {
            return;
        }
        // What differs is compared again: a comparison by words divides a secret.
        *self = Self::new(clean.0.into_owned(), clean.1.into_owned());
    }
}
