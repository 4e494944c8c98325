//! How a source is set up, and what its list of accounts is worth: nothing is deleted
//! because of either.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and so do its helpers"
)]

mod failures;
mod identities;
mod makers;
mod mapped_attributes;
mod pending;
mod setting;
mod settings;
mod short_lists;
mod thresholds;
mod witnesses;
