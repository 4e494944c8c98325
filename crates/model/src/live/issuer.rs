//! Issuer token of an account, as its store has it.

use crate::TokenId;
use serde::Serialize;

/// Whether the store has the issuer token, which mints the account's other tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum IssuerState {
    /// The store has none.
    Absent,
    /// The store has one.
    Present {
        /// Its client id, which is the token's id.
        client_id: TokenId,
    },
    /// The store could not be read.
    Unreadable {
        /// Why, without secrets.
        why: String,
    },
}
