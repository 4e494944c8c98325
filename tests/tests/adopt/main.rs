//! Taking over what is there, and carrying renames.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod refused;
mod renamed;
mod taken_over;
mod team;
