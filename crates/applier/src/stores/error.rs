//! Why a store could not be used.

use super::LARGEST_DOCUMENT;
use crate::document::DocumentError;
use model::{KeyError, StoreName};
use std::error::Error;
use std::io;
use std::process::ExitStatus;

/// Why a store could not be used. No message ever holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No store of that name is declared.
    #[error("no file declares the store `{0}`")]
    Undeclared(StoreName),
    /// The key cannot be used in this kind of store.
    #[error("invalid store key `{}`", key.escape_debug())]
    BadKey {
        /// The key.
        key: String,
        /// What is wrong with it.
        #[source]
        source: KeyError,
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
    /// An age store has nobody to encrypt to, or a recipient that is none.
    #[error("{0}")]
    Recipients(RecipientsError),
    /// A document could not be encrypted.
    #[error("the secret could not be encrypted")]
    Encrypt(#[source] Box<dyn Error + Send + Sync>),
    /// The private keys of an age store could not be read.
    #[error("the store's identity file cannot be used")]
    Identities(#[source] Box<dyn Error + Send + Sync>),
    /// A file could not be decrypted.
    #[error("{place} cannot be decrypted with the store's identity file")]
    Decrypt {
        /// The file.
        place: String,
        /// Why not.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// What is delivered could not be read back.
    #[error(
        "none of the identities in `{identity_file}` belongs to a recipient of the store, so what is delivered could not be read back"
    )]
    ForOthersOnly {
        /// The store's identity file.
        identity_file: String,
    },
    /// Work with files was given up, because the program is ending.
    #[error("the work was given up half-way")]
    GivenUp,
}

/// Why nothing can be encrypted. A recipient is never repeated: somebody may have
/// written a private key in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipientsError {
    /// There are none.
    #[error("the store names no recipients")]
    None,
    /// One is no public key of age.
    #[error("recipient {number} of the store is no public key of age (`age1…`): {why}")]
    Bad {
        /// Which one, from 1.
        number: usize,
        /// What is wrong with it.
        why: &'static str,
    },
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
