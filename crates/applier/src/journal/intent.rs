//! What is about to be done, and what became of it.

use jiff::Timestamp;
use model::{Address, IdentityId, SourceName, StoreKey, StoreName, TokenId, TokenName};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Something that is done once: doing it again would make a second one, or
/// fail, and an answer that was lost leaves open whether it was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Intent {
    /// A source is made.
    CreateSource {
        /// Its name.
        name: SourceName,
    },
    /// The full state of a source's accounts is sent.
    Import {
        /// The source's name.
        source: SourceName,
    },
    /// An identity profile is made.
    CreateProfile {
        /// Its name.
        name: String,
    },
    /// An identity gets an e-mail that invites it to register.
    Invite {
        /// The identity.
        identity: IdentityId,
    },
    /// A token is minted and its secret delivered.
    Mint {
        /// The identity that will own it.
        owner: IdentityId,
        /// Its name.
        token: TokenName,
        /// Where its secret goes.
        #[serde(with = "Place")]
        deliver: StoreKey,
    },
    /// A token is revoked.
    Revoke {
        /// Its id.
        token: TokenId,
    },
}

impl Intent {
    /// A source is about to be made.
    pub fn create_source(name: &SourceName) -> Self {
        Self::CreateSource { name: name.clone() }
    }

    /// A source's accounts are about to be imported.
    pub fn import(source: &SourceName) -> Self {
        Self::Import {
            source: source.clone(),
        }
    }

    /// An identity profile is about to be made.
    pub fn create_profile(name: &str) -> Self {
        Self::CreateProfile {
            name: name.to_owned(),
        }
    }

    /// An identity is about to be invited.
    pub fn invite(identity: &IdentityId) -> Self {
        Self::Invite {
            identity: identity.clone(),
        }
    }
}

/// How a place in a store is written.
#[derive(Serialize, Deserialize)]
#[serde(remote = "StoreKey")]
struct Place {
    store: StoreName,
    key: String,
}

/// What became of an intent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", content = "error", rename_all = "camelCase")]
pub enum Conclusion {
    /// It was done.
    Done,
    /// It was not done, or taken back; why, in words without secrets.
    Failed(String),
    /// A later run has brought about what was wanted, whatever became of it.
    Superseded,
}

/// Which intent a conclusion is about: its run, and its number there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntentId(String);

impl IntentId {
    pub(super) fn new(run: &str, number: u64) -> Self {
        Self(format!("{run}#{number}"))
    }

    /// The id of what is written down nowhere.
    pub(super) fn nowhere() -> Self {
        Self(String::new())
    }
}

impl fmt::Display for IntentId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// An intent without a conclusion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// By which it can be concluded.
    pub id: IntentId,
    /// When it was about to be done, by the clock of the machine that ran it.
    pub time: Timestamp,
    /// The step that it was for.
    pub address: Address,
    /// What was about to be done.
    pub intent: Intent,
}
