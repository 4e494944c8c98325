//! Where secrets are delivered to and read from.

use crate::StoreName;
use serde::Serialize;
use std::fmt;

/// A store of secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum StoreSpec {
    /// Files of mode 0600 below a directory, one a key.
    Directory {
        /// The directory, resolved against the file that declares it.
        path: String,
    },
    /// Programs that keep secrets: the document goes to the standard input of
    /// `put` and comes from the standard output of `get`. `{key}` stands for
    /// the key in each argument.
    Command {
        /// The program and arguments that store a document.
        put: Vec<String>,
        /// The program and arguments that print a document.
        get: Vec<String>,
    },
}

/// One place in a store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StoreKey {
    /// The store.
    pub store: StoreName,
    /// The key, with `{account}` and `{token}` already filled in.
    pub key: String,
}

impl fmt::Display for StoreKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.store, self.key)
    }
}
