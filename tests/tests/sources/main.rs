//! How a source is set up, and what its list of accounts is worth: nothing is deleted
//! because of either.

mod setting;
mod short_lists;
