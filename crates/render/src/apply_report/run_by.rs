//! Who ran steersman, and from which Git commit.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who applied a plan, by the access token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunBy {
    /// The user name, or what else people call it.
    pub name: String,
    /// The identity; null for an API client without a user.
    pub identity: Option<String>,
    /// The id of the personal access token or API client.
    pub client_id: String,
}

/// The Git commit that was checked out where the spec is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    tag = "state",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Commit {
    /// This one. Files that differ from it are not known: compare `run.specDigest`.
    Known {
        /// Its id.
        id: String,
    },
    /// The spec is in no Git repository.
    None,
    /// Which one it is could not be read.
    Unknown {
        /// Why not.
        why: String,
    },
}
