//! Why a store could not be used.

use super::LARGEST_DOCUMENT;
use crate::document::DocumentError;
use model::StoreName;
use std::io;
use std::process::ExitStatus;

/// Why a store could not be used. No message ever holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No store of that name is declared.
    #[error("no file declares the store `{0}`")]
    Undeclared(StoreName),
    /// The key cannot be used in this kind of store.
    #[error("the key `{}` cannot be used: {why}", key.escape_debug())]
    BadKey {
        /// The key.
        key: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A link on the way leads out of the store's directory.
    #[error("`{path}` leads out of the store's directory by a link")]
    LeadsOut {
        /// The link, or what is below it.
        path: String,
    },
    /// Something else than a file stands where the secret belongs.
    #[error("`{path}` is no file")]
    NotAFile {
        /// What stands there.
        path: String,
    },
    /// A file could not be read or written.
    #[error("the secret's file could not be {doing}")]
    File {
        /// `read` or `written`.
        doing: &'static str,
        /// Why; it names the file.
        #[source]
        source: io::Error,
    },
    /// There is something, and it is no secret document.
    #[error("{place} gives no secret that can be used")]
    Document {
        /// The file or the program.
        place: String,
        /// What is wrong with it.
        #[source]
        source: Box<DocumentError>,
    },
    /// There is something too large for a secret document.
    #[error("{place} gives more than {LARGEST_DOCUMENT} bytes, which is no secret document")]
    TooLarge {
        /// The file or the program.
        place: String,
    },
    /// A secret could not be written as JSON.
    #[error("the secret could not be written as JSON")]
    Encode(#[source] serde_json::Error),
    /// A command is empty.
    #[error("the store's command names no program")]
    NoProgram,
    /// A program does not exist.
    #[error("the program `{program}` was not found, or cannot be run")]
    ProgramNotFound {
        /// The program.
        program: String,
    },
    /// A program could not be started or talked to.
    #[error("the program `{program}` could not be run")]
    Program {
        /// The program.
        program: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A program said that it failed.
    #[error("the program `{program}` failed ({status}){}", said(message))]
    ProgramFailed {
        /// The program.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// The beginning of what it wrote on standard error, without secrets.
        message: Box<str>,
    },
    /// A program did not end in time and was killed.
    #[error("the program `{program}` had not ended after {seconds} s and was killed")]
    ProgramTimedOut {
        /// The program.
        program: String,
        /// How long it was waited for.
        seconds: u64,
    },
    /// Work with files was given up, because the program is ending.
    #[error("the work was given up half-way")]
    GivenUp,
}

fn said(message: &str) -> String {
    if message.is_empty() {
        ", and said nothing on standard error".to_owned()
    } else {
        format!(": {message}")
    }
}

impl StoreError {
    pub(super) fn reading(source: io::Error) -> Self {
        let doing = "read";
        Self::File { doing, source }
    }

    pub(super) fn writing(source: io::Error) -> Self {
        let doing = "written";
        Self::File { doing, source }
    }
}
