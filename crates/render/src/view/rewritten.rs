//! Says for each part of a view which of its parts have texts to rewrite.

use super::cells::{Cell, CellRow, CellTable};
use super::difference::TextChange;
use super::field::{FieldChange, FieldView};
use super::group::GroupView;
use super::notes::{GuardView, IncompleteView, ProblemView};
use super::plan::PlanView;
use super::rewrite::{Change, Rewrite};
use super::row::{Remedy, RowView};
use super::selection::SelectionView;
use super::shape::{Shape, ShapeLine};
use super::stores::StoreView;
use super::waiting::{HumanStep, WaitingAccount, WaitingView};
use std::borrow::Cow;

/// A part with named parts. Each of them is rewritten, or said to have no text.
macro_rules! rewrite {
    ($($type:ident { $($text:ident),* $(; $($none:ident),*)? })*) => {
        $(impl Rewrite for $type {
            fn rewrite(&mut self, change: Change<'_>) {
                let Self { $($text,)* $($($none: _,)*)? } = self;
                $($text.rewrite(change);)*
            }
        })*
    };
}

rewrite! {
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
    WaitingAccount { key, name, commands, tokens; stage }
    HumanStep { who, what }
    Shape { lines; blocked }
    ShapeLine { label, text; mark }
    StoreView { name, kind, facts }
}

impl Rewrite for Cell {
    fn rewrite(&mut self, change: Change<'_>) {
        match self {
            Self::Stays(text) => text.rewrite(change),
            Self::Changes(changes) => changes.rewrite(change),
            Self::Blank => {}
        }
    }
}

impl Rewrite for FieldChange {
    fn rewrite(&mut self, change: Change<'_>) {
        match self {
            Self::Set(values) | Self::Gone(values) => values.rewrite(change),
            Self::Text(text) => text.rewrite(change),
            Self::List {
                added,
                removed,
                kept,
            } => {
                added.rewrite(change);
                removed.rewrite(change);
                kept.rewrite(change);
            }
            Self::Pairs(fields) => fields.rewrite(change),
        }
    }
}

impl Rewrite for TextChange {
    fn rewrite(&mut self, change: Change<'_>) {
        let clean = (change(&self.before), change(&self.after));
        if let (Cow::Borrowed(_), Cow::Borrowed(_)) = clean {
            return;
        }
        // What differs is compared again: a comparison by words divides a secret.
        *self = Self::new(clean.0.into_owned(), clean.1.into_owned());
    }
}
