//! Result of signing in with the secret of a token's place.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What signing in with a delivered secret showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", tag = "result")]
pub enum SignIn {
    /// ISC accepts it, as the account's identity.
    SignsIn,
    /// ISC does not accept it.
    Rejected {
        /// ISC's words.
        why: String,
    },
    /// ISC accepts it, as another identity.
    AnotherIdentity {
        /// That identity; null for a credential without a user.
        identity: Option<String>,
    },
    /// The store has another secret than that of the token, and steersman did not sign in with it.
    Foreign {
        /// What differs.
        why: String,
    },
    /// The secret could not be read, or no answer says whether it is accepted.
    NotKnown {
        /// Why not.
        why: String,
    },
    /// The store was not asked: it runs a program.
    NotAsked,
    /// The store takes secrets and gives none back.
    WriteOnly,
    /// There is nothing to sign in with: no secret is delivered.
    NothingDelivered,
}

impl SignIn {
    /// Whether what uses the secret fails.
    pub fn fails(&self) -> bool {
        match self {
            Self::Rejected { why: _ } | Self::AnotherIdentity { identity: _ } => true,
            Self::SignsIn
            | Self::Foreign { why: _ }
            | Self::NotKnown { why: _ }
            | Self::NotAsked
            | Self::WriteOnly
            | Self::NothingDelivered => false,
        }
    }

    /// Whether it is not known whether the secret works.
    pub fn is_unread(&self) -> bool {
        match self {
            Self::NotKnown { why: _ } => true,
            Self::SignsIn
            | Self::Rejected { why: _ }
            | Self::AnotherIdentity { identity: _ }
            | Self::Foreign { why: _ }
            | Self::NotAsked
            | Self::WriteOnly
            | Self::NothingDelivered => false,
        }
    }

    /// The result in two words.
    pub fn word(&self) -> &'static str {
        match self {
            Self::SignsIn => "signs in",
            Self::Rejected { why: _ } => "rejected",
            Self::AnotherIdentity { identity: _ } => "another identity",
            Self::Foreign { why: _ } => "foreign",
            Self::NotKnown { why: _ } => "not read",
            Self::NotAsked => "not asked",
            Self::WriteOnly => "write-only",
            Self::NothingDelivered => "-",
        }
    }

    /// What a person has to know beyond the word.
    pub(super) fn detail(&self) -> Option<String> {
        match self {
            Self::Rejected { why } | Self::NotKnown { why } | Self::Foreign { why } => {
                Some(why.clone())
            }
            Self::AnotherIdentity { identity } => Some(identity.as_ref().map_or_else(
                || "it is a credential without a user".to_owned(),
                |identity| format!("it signs in as identity {identity}"),
            )),
            Self::SignsIn | Self::NotAsked | Self::WriteOnly | Self::NothingDelivered => None,
        }
    }
}
