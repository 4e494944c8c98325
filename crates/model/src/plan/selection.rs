//! The selection (`--only`, `--except`) that a plan was cut to, and its effects.

use crate::Address;
use serde::Serialize;

/// The selection that a plan was cut to, and its effects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SelectionReport {
    /// What is selected; all if nothing is said.
    pub only: Vec<String>,
    /// What is left out of that.
    pub except: Vec<String>,
    /// Steps that no pattern selects and that a selected one needs.
    pub pulled_in: Vec<SelectionEffect>,
    /// Steps that are selected, and left out because they need an excepted one.
    pub left_out: Vec<SelectionEffect>,
    /// How many steps of the whole plan are not selected.
    pub not_selected: usize,
    /// Patterns that match nothing that is declared, planned or reported.
    pub unmatched: Vec<Unmatched>,
}

/// A step that a selection pulls in or leaves out, and the step that causes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SelectionEffect {
    /// The step.
    pub address: Address,
    /// What needs it, or what it needs.
    pub because: Address,
}

/// A pattern that matches nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unmatched {
    /// The pattern.
    pub pattern: String,
    /// What it may have been meant to be.
    pub did_you_mean: Option<String>,
}
