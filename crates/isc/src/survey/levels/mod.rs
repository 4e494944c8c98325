//! The user levels of identities, from lists of holders or one by one,
//! whichever is fewer requests.

mod by_account;
mod by_holders;
mod choice;
mod overview;

pub(super) use choice::{Expected, read};
pub(super) use overview::{Overview, overview};
