//! Documents that are generated from the code, and are current.
//!
//! `STEERSMAN_UPDATE_DOCUMENTS=1 cargo test -p tests --test documents` writes
//! them anew.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod commands;
mod generated;
mod guards;
