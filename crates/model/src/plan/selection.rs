//! Report of a selection (`--only`, `--except`): steps it added and left out.

use crate::Address;
use serde::Serialize;

/// The selection that a plan was reduced to, and its effect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SelectionReport {
    /// The patterns of `--only`; everything is selected if there are none.
    pub only: Vec<String>,
    /// The patterns of `--except`.
    pub except: Vec<String>,
    /// Steps that no pattern selects, but that a selected step depends on.
    pub pulled_in: Vec<SelectionEffect>,
    /// Selected steps that are left out because they depend on an excepted one.
    pub left_out: Vec<SelectionEffect>,
    /// How many steps of the whole plan are not selected.
    pub not_selected: usize,
    /// Patterns that match nothing that is declared, planned or reported.
    pub unmatched: Vec<Unmatched>,
}

/// A step that was added or left out, and the step that caused it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SelectionEffect {
    /// The step.
    pub address: Address,
    /// The step that depends on it, or that it depends on.
    pub because: Address,
}

/// A pattern that matches nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unmatched {
    /// The pattern.
    pub pattern: String,
    /// The most similar name.
    pub did_you_mean: Option<String>,
}
