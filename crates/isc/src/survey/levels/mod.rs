//! Survey of user levels, by lists of holders or one identity at a time.
//!
//! Whichever takes fewer requests.

mod again;
mod by_account;
mod by_holders;
mod choice;
mod overview;

pub(crate) use again::listed_levels;
pub(super) use choice::{Expected, read};
pub(super) use overview::{Overview, overview};
