//! Cuts a finished plan to a selection (`--only`, `--except`).
//!
//! A selection only ever leaves steps out. What is not selected is not deleted,
//! not reported as undeclared and not looked at by the guards; what a selected
//! step needs is pulled in, and what needs an excepted step is left out with
//! it. The plan reports both.

mod addresses;
mod choice;
mod closure;
mod cut;
mod kinds;
mod pattern;
mod processing;
mod unmatched;

pub use choice::Selection;
pub(crate) use cut::cut;
#[cfg(test)]
pub(crate) use kinds::KINDS;
pub use pattern::{Pattern, PatternError};
