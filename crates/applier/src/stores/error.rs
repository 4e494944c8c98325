//! Errors of the stores.

use super::limit::LARGEST_DOCUMENT;
use crate::document::{DocumentError, EncodeError};
use model::{KeyError, StoreName};
use std::error::Error;
use std::io;
use std::process::ExitStatus;

/// Why a store cannot be used. No message contains a secret.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No store of that name is declared.
    #[error("store `{0}` is not declared in any file")]
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
    #[error("`{path}` is a link out of the store's directory")]
    LeadsOut {
        /// The link, or what is below it.
        path: String,
    },
    /// The store's directory can be replaced by others.
    #[error("the store's directory `{path}` {why}")]
    Exposed {
        /// The directory.
        path: String,
        /// Why it cannot be used, and what to do.
        why: String,
    },
    /// The path of the secret is a folder, a pipe or a device.
    #[error("`{path}` is not a file")]
    NotAFile {
        /// The path.
        path: String,
    },
    /// A file could not be read or written.
    #[error("cannot {doing} the file of the secret")]
    File {
        /// `read`, `write` or `remove`.
        doing: &'static str,
        /// The cause, which names the file.
        #[source]
        source: io::Error,
    },
    /// The content is not a secret document.
    #[error("{place} does not contain a valid secret document")]
    Document {
        /// The file or the program.
        place: String,
        /// What is wrong with it.
        #[source]
        source: Box<DocumentError>,
    },
    /// The secret of the document is a text that ISC generates for no token.
    #[error(
        "`clientSecret` of the document is not the secret of a token: that is one word of 16 to 512 characters, without quotes, brackets, commas and backslashes"
    )]
    NotASecret,
    /// The content is too large for a secret document.
    #[error("{place} contains more than {LARGEST_DOCUMENT} bytes, too many for a secret document")]
    TooLarge {
        /// The file or the program.
        place: String,
    },
    /// A secret could not be written in the form that is declared.
    #[error("cannot write the secret in the declared form")]
    Encode(#[source] EncodeError),
    /// A command is empty.
    #[error("the command of the store is empty")]
    NoProgram,
    /// The store runs programs, and the operator did not allow programs.
    #[error(
        "the store was not asked: it runs a program that the files name; check the program, then add `--allow-commands`"
    )]
    NotAsked,
    /// The `get` program failed. What it printed can contain the secret.
    #[error(
        "program `{program}` failed ({status}); its output is not shown, because it can contain the secret: run the command yourself to see it"
    )]
    GetFailed {
        /// The program.
        program: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// The `get` program printed nothing, and that does not mean that there is no
    /// secret.
    #[error("program `{program}` succeeded without output, which `notFound` does not describe")]
    PrintedNothing {
        /// The program.
        program: String,
    },
    /// A program does not exist.
    #[error("program `{program}` not found or not executable")]
    ProgramNotFound {
        /// The program.
        program: String,
    },
    /// A program could not be started, or its input or output failed.
    #[error("cannot run the program `{program}`")]
    Program {
        /// The program.
        program: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A program ended with another exit status than 0.
    #[error("program `{program}` failed ({status}){}", standard_error(message))]
    ProgramFailed {
        /// The program.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// The beginning of what it wrote on standard error, without secrets.
        message: Box<str>,
    },
    /// The store is written to only.
    #[error("the store cannot be read: it is written to only")]
    WriteOnly,
    /// The store is only read.
    #[error(
        "steersman only reads this store: set the variable {variable} where steersman runs, to the document of the secret"
    )]
    ReadOnly {
        /// The variable.
        variable: String,
    },
    /// The store has no program that deletes.
    #[error("the store declares no `delete`, so its entries stay")]
    NoDelete,
    /// The system of a store refused the caller.
    #[error("not allowed: program `{program}` failed ({status}): {message}")]
    NotAllowed {
        /// The program.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// The beginning of what it wrote on standard error, without secrets.
        message: Box<str>,
    },
    /// The program says that the caller may not write the entry.
    #[error("the credentials of the store do not allow to write `{entry}`: they allow {allowed}")]
    MayNotWrite {
        /// The entry.
        entry: Box<str>,
        /// What they allow.
        allowed: Box<str>,
    },
    /// A deleted entry still has the name.
    #[error(
        "the entry `{entry}` was deleted, and its name stays taken until the system removes it; run `{restore}`"
    )]
    Deleted {
        /// The entry.
        entry: Box<str>,
        /// The command that makes the name usable.
        restore: Box<str>,
    },
    /// The program answered with something that its documentation does not describe.
    #[error("program `{program}` answered in an unexpected form: {what}")]
    Answer {
        /// The program.
        program: String,
        /// What is unexpected, without the answer itself.
        what: &'static str,
    },
    /// A program did not end in time and was killed.
    #[error("program `{program}` was killed: it had not ended after {seconds} s")]
    ProgramTimedOut {
        /// The program.
        program: String,
        /// The limit.
        seconds: u64,
    },
    /// An age store has no recipient, or an invalid one.
    #[error("{0}")]
    Recipients(RecipientsError),
    /// A document could not be encrypted.
    #[error("cannot encrypt the secret")]
    Encrypt(#[source] Box<dyn Error + Send + Sync>),
    /// The private keys of an age store could not be read.
    #[error("cannot use the identity file of the store")]
    Identities(#[source] Box<dyn Error + Send + Sync>),
    /// A file could not be decrypted.
    #[error("cannot decrypt {place} with the identity file of the store")]
    Decrypt {
        /// The file.
        place: String,
        /// Why not.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// Delivered secrets could not be read back.
    #[error(
        "cannot read back delivered secrets: no identity in `{identity_file}` belongs to a recipient of the store"
    )]
    ForOthersOnly {
        /// The store's identity file.
        identity_file: String,
    },
    /// Work on a blocking thread ended early, because the program is ending.
    #[error("interrupted, because steersman is ending")]
    Abandoned,
}

/// Why nothing can be encrypted. Messages never contain the recipient: it may be a
/// private key that was written there by mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipientsError {
    /// The list is empty.
    #[error("the store has no recipients")]
    None,
    /// One is not a public key of age.
    #[error("recipient {number} of the store must be a public key of age (`age1…`): {why}")]
    Bad {
        /// Which one, from 1.
        number: usize,
        /// What is wrong with it.
        why: &'static str,
    },
}

fn standard_error(message: &str) -> String {
    if message.is_empty() {
        " without output on standard error".to_owned()
    } else {
        format!(": {message}")
    }
}

impl StoreError {
    pub(super) fn reading(source: io::Error) -> Self {
        let doing = "read";
        Self::File { doing, source }
    }

    pub(super) fn removing(source: io::Error) -> Self {
        let doing = "remove";
        Self::File { doing, source }
    }

    pub(super) fn writing(source: io::Error) -> Self {
        let doing = "write";
        Self::File { doing, source }
    }
}
