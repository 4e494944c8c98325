//! Errors of the journal.

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
    #[error("cannot open the journal `{path}`")]
    Open {
        /// The journal.
        path: Utf8PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The path is a link, or no file.
    #[error(
        "the journal `{path}` is a link or not a file, and steersman does not write through links; remove it, or name another journal"
    )]
    NotAFile {
        /// The journal.
        path: Utf8PathBuf,
    },
    /// A folder on the way is a link.
    #[error(
        "`{link}` on the way to the journal `{path}` is a link, and steersman does not write through links; remove it"
    )]
    BelowLink {
        /// The journal.
        path: Utf8PathBuf,
        /// The link.
        link: String,
    },
    /// Git tracks the file.
    #[error(
        "Git tracks the journal `{path}`, so a commit could have tokens replaced; run `git rm --cached {path}`, commit that, and add the file to .gitignore"
    )]
    Tracked {
        /// The journal.
        path: Utf8PathBuf,
    },
    /// It is not known whether Git tracks the file.
    #[error(
        "Git's index `{index}` cannot be read, so it is not known whether Git tracks the journal `{path}`; run `git status` to check the repository, or name a journal outside of it"
    )]
    PerhapsTracked {
        /// The journal.
        path: Utf8PathBuf,
        /// The index.
        index: String,
    },
    /// The file has more than a run can have left.
    #[error(
        "the journal `{path}` has {limit}; check in ISC that no token is unfinished, then move the file away, or name another journal"
    )]
    TooLarge {
        /// The journal.
        path: Utf8PathBuf,
        /// What it has too much of.
        limit: &'static str,
    },
    /// A line is not valid.
    #[error(
        "line {line} of the journal `{path}` is damaged; check in ISC the object that the line names, then delete the line"
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
        "line {line} of the journal `{path}` has format {format}, but this version of steersman reads formats up to {FORMAT}; use a later version, or another journal"
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
    #[error("cannot write an entry to disk")]
    Write(#[source] io::Error),
    /// An entry could not be written as JSON.
    #[error("cannot encode an entry as JSON")]
    Encode(#[source] serde_json::Error),
    /// An earlier entry was written in part and could not be removed.
    #[error("an earlier entry was written only in part, so this run cannot write more entries")]
    Torn,
}
