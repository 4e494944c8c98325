//! The fault matrix: a first and a mixed apply of `examples/team`, disturbed at every
//! request, at every write of the journal, by signals, kills and full disks; then applied
//! again until done, and judged from the simulator's own state.
//!
//! A sample runs with the other tests. `CONTRIBUTING.md` has the command for the whole,
//! and the one that repeats a single cell.

#![cfg(unix)]
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too; the table is to be read"
)]

mod canary;
mod cell;
mod cells;
mod disturb;
mod faults;
mod judge;
mod mixed;
mod once_broken;
mod prepared;
mod report;
mod run;
mod state;
mod table;
