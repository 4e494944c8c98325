//! `steersman simulator` as a program of its own: what it is started with is what clients meet.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod compose;
mod ends;
mod faults;
mod full_disk;
mod kills;
mod recipes;
mod recorded_secrets;
mod recordings;
mod seeds;
mod served;
mod simulate;
