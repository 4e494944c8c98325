//! Declared store of secrets, and keys in stores.

use crate::{ReadyMade, StoreName};
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt;

/// A store of secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum StoreSpec {
    /// Files of mode 0600 below a directory, one a key.
    Directory {
        /// The directory as written; a relative one is below the working directory.
        path: String,
    },
    /// Programs that keep secrets: the document goes to the standard input of
    /// `put` and comes from the standard output of `get`. `{key}` stands for
    /// the key in each argument.
    Command {
        /// The program and arguments that store a document.
        put: Vec<String>,
        /// The program and arguments that print a document; none where the target is
        /// written to only.
        #[serde(skip_serializing_if = "Option::is_none")]
        get: Option<Vec<String>>,
        /// The program and arguments that delete a document.
        #[serde(skip_serializing_if = "Option::is_none")]
        delete: Option<Vec<String>>,
        /// How `get` says that there is no document; none where it prints nothing
        /// then and exits with 0.
        #[serde(skip_serializing_if = "Option::is_none")]
        not_found: Option<NotFound>,
        /// Names of the variables that the programs get, besides `PATH`, `HOME`, the
        /// locale and `TMPDIR`.
        #[serde(skip_serializing_if = "BTreeSet::is_empty")]
        environment: BTreeSet<String>,
    },
    /// Files encrypted with age below a directory, one a key; they can be kept in a
    /// Git repository.
    Age {
        /// The directory, resolved as that of a directory store.
        directory: String,
        /// The public keys that the files are encrypted to.
        recipients: Vec<String>,
        /// The file with the private keys that decrypt them. Not part of the digest,
        /// because its path differs from machine to machine.
        #[serde(skip)]
        identity_file: String,
    },
    /// Variables of the environment, which steersman reads and cannot write.
    Environment {
        /// What the name of each variable begins with, after
        /// [`crate::SECRET_VARIABLE`]; empty for nothing.
        #[serde(skip_serializing_if = "String::is_empty")]
        prefix: String,
    },
    /// A store over a program that people have, such as `vault`.
    ReadyMade(ReadyMade),
}

/// Whether the secrets of a store can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readable {
    /// They can, so each delivery is proven by reading it back.
    Yes,
    /// They cannot: the target is written to only.
    WriteOnly,
}

impl StoreSpec {
    /// Whether the secrets of this store can be read.
    pub fn readable(&self) -> Readable {
        let is_readable = match self {
            Self::Directory { .. } | Self::Age { .. } | Self::Environment { .. } => true,
            Self::Command { get, .. } => get.is_some(),
            Self::ReadyMade(ready_made) => ready_made.kind.is_readable(),
        };
        if is_readable {
            Readable::Yes
        } else {
            Readable::WriteOnly
        }
    }

    /// Whether secrets can be put into this store; else a person or a pipeline does it.
    pub fn can_be_written(&self) -> bool {
        match self {
            Self::Directory { .. }
            | Self::Age { .. }
            | Self::Command { .. }
            | Self::ReadyMade(_) => true,
            Self::Environment { .. } => false,
        }
    }

    /// Whether using this store runs a program.
    pub fn runs_programs(&self) -> bool {
        match self {
            Self::Directory { .. } | Self::Age { .. } | Self::Environment { .. } => false,
            Self::Command { .. } | Self::ReadyMade(_) => true,
        }
    }
}

/// How a program says that a store has no document for a key.
///
/// Any other failure of the program means that the store could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NotFound {
    /// The exit codes that can mean it; empty for any but 0.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub exit_codes: BTreeSet<u8>,
    /// What standard error has to contain then; `*` stands for any text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
}

/// One place in a store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StoreKey {
    /// The store.
    pub store: StoreName,
    /// The key, with its placeholders already filled in.
    pub key: String,
}

impl fmt::Display for StoreKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.store, self.key)
    }
}
