//! What an apply reports: its events, its documents, its record.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod bad_files;
mod formats;
mod metrics;
mod notices;
#[cfg(unix)]
mod pipes;
mod recorded;
mod schemas;
mod setting;
mod shown;
mod shown_kinds;
mod untouched;
mod unverified;
