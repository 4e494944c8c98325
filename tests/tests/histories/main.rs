//! Random histories: files are edited, people meddle with the tenant, time passes,
//! runs fail and are killed; each run is judged by a small model of what "declared"
//! means, which is written from the design and knows nothing of the planner.
//!
//! A few histories run with the other tests. `CONTRIBUTING.md` has the command for
//! many, and the one that repeats a history that found something.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod declared;
mod edits;
mod fault;
mod files;
mod generated;
mod hands;
mod issuers;
mod played;
mod random;
mod removals;
mod runs;
mod sample;
mod story;
mod tenant;
