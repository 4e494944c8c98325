//! Attacks on a run, performed with the real binary, which must see them fail.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod bounds;
mod canary;
mod chosen;
mod comments;
mod cut_secrets;
mod echoed;
#[cfg(target_os = "linux")]
mod endless;
mod forms;
mod inputs;
mod journal_lines;
mod limits;
#[cfg(unix)]
mod links;
#[cfg(target_os = "linux")]
mod many;
#[cfg(target_os = "linux")]
mod memory;
mod output;
mod panics;
#[cfg(target_os = "linux")]
mod pipelines;
mod places;
mod reader;
mod saved_plans;
mod server;
mod stores;
#[cfg(target_os = "linux")]
mod tokens;
mod wide_cells;
mod written;
mod written_secrets;
