//! Why a journal could not be used.

use super::entry::FORMAT;
use camino::Utf8PathBuf;
use std::io;

/// Why a journal could not be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another run has it open.
    #[error("another run is writing the journal `{path}`; wait until it has ended")]
    InUse {
        /// The journal.
        path: Utf8PathBuf,
    },
    /// The file could not be opened, locked or read.
    #[error("the journal `{path}` could not be opened")]
    Open {
        /// The journal.
        path: Utf8PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// A line is not what this program writes.
    #[error(
        "line {line} of the journal `{path}` is damaged; see in the tenant what became of what it tells, then delete the line"
    )]
    Damaged {
        /// The journal.
        path: Utf8PathBuf,
        /// The line's number, from 1.
        line: usize,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// A later version of the program has written it.
    #[error(
        "line {line} of the journal `{path}` begins format {format}, and this version of steersman reads up to {FORMAT}; use the later version, or another journal"
    )]
    Newer {
        /// The journal.
        path: Utf8PathBuf,
        /// The line's number, from 1.
        line: usize,
        /// The format that begins there.
        format: u32,
    },
    /// An entry could not be written.
    #[error("an entry could not be written to the disk")]
    Write(#[source] io::Error),
    /// An entry could not be written as JSON.
    #[error("an entry could not be written as JSON")]
    Encode(#[source] serde_json::Error),
    /// An earlier entry was left half-written, and could not be taken back.
    #[error("an earlier entry was written in part, so none can follow it in this run")]
    Torn,
}
