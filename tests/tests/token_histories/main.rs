//! Random histories of tokens: files are edited, tokens rotated, rolled back and stopped,
//! time passes, people meddle with the tenant and with the stores, requests and stores
//! fail, runs are killed. A model that knows nothing of the planner says after each run
//! which secrets must still sign in, what must not have been revoked, and what must be
//! reported.
//!
//! A few histories run with the other tests. `CONTRIBUTING.md` has the command for many,
//! and the one that repeats a history that found something.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod declared;
mod deeds;
mod fault;
mod hands;
mod history;
mod judge;
mod model;
#[path = "../histories/random.rs"]
mod random;
mod runs;
mod sample;
mod site;
mod view;
