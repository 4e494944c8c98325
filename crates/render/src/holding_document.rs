//! Access of an unmanaged account as a part of documents.

use model::{HeldToken, Holding};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the identity of an unmanaged account still holds, as far as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HoldingDocument {
    /// All of it in words.
    pub summary: String,
    /// Its user levels; null where they were not read.
    pub user_levels: Option<Vec<String>>,
    /// Its tokens that have not expired; null where they were not read.
    pub tokens: Option<Vec<HeldTokenDocument>>,
}

/// A token that the identity of an unmanaged account still has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HeldTokenDocument {
    /// Its name.
    pub name: String,
    /// When it expires, in RFC 3339; null if never.
    pub expires: Option<String>,
}

impl HoldingDocument {
    /// The document of what an identity holds.
    pub(crate) fn of(holding: &Holding) -> Self {
        let Holding {
            user_levels,
            tokens,
        } = holding;
        Self {
            summary: holding.in_words(),
            user_levels: user_levels
                .as_ref()
                .map(|levels| levels.iter().map(ToString::to_string).collect()),
            tokens: tokens
                .as_ref()
                .map(|tokens| tokens.iter().map(HeldTokenDocument::of).collect()),
        }
    }
}

impl HeldTokenDocument {
    fn of(token: &HeldToken) -> Self {
        let HeldToken { name, expires } = token;
        Self {
            name: name.to_string(),
            expires: expires.map(|end| end.to_string()),
        }
    }
}
