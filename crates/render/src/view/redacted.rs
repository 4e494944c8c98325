//! Redacts the texts of a view, before a layout wraps, cuts or escapes them.
//!
//! The output redacts once more. A secret that a table or an escape of Markdown
//! divides would not be found there.

use super::cells::{Cell, CellRow, CellTable};
use super::difference::TextChange;
use super::field::{FieldChange, FieldView};
use super::group::GroupView;
use super::notes::{GuardView, IncompleteView, ProblemView};
use super::plan::PlanView;
use super::row::{Remedy, RowView};
use super::selection::SelectionView;
use super::shape::{Shape, ShapeLine};
use super::stores::StoreView;
use super::waiting::{HumanStep, WaitingAccount, WaitingView};
use model::Redactor;
use std::borrow::Cow;

/// A part of a view that has texts.
pub(crate) trait Redact {
    /// Replaces each secret in it.
    fn redact(&mut self, redactor: &Redactor);
}

impl Redact for String {
    fn redact(&mut self, redactor: &Redactor) {
        if let Cow::Owned(clean) = redactor.redact(self) {
            *self = clean;
        }
    }
}

impl<T: Redact> Redact for Vec<T> {
    fn redact(&mut self, redactor: &Redactor) {
        self.iter_mut().for_each(|part| part.redact(redactor));
    }
}

impl<T: Redact> Redact for Option<T> {
    fn redact(&mut self, redactor: &Redactor) {
        self.iter_mut().for_each(|part| part.redact(redactor));
    }
}

impl<T: Redact, U: Redact> Redact for (T, U) {
    fn redact(&mut self, redactor: &Redactor) {
        self.0.redact(redactor);
        self.1.redact(redactor);
    }
}

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
        created_at, spec_digest, state, summary
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
    WaitingView { steps, next, accounts; simulated }
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
