//! Drift: what differs between files and tenant, which side moved, and who did it.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod at_length;
mod at_once;
mod causes;
mod hands;
mod notices;
mod people;
mod records;
mod setting;
mod watch;
mod who;
