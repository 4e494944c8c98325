//! Issuer tokens: they replace themselves, and at every moment the store holds one that
//! works.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod disturbed;
mod plans;
mod setting;
mod year;
