//! What a store holds as an account's issuer.

use crate::TokenId;
use serde::Serialize;

/// Whether the store has the token that mints an account's other tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum IssuerState {
    /// The store answered that there is none.
    Absent,
    /// There is one.
    Present {
        /// Its client id, which is the token's id.
        client_id: TokenId,
    },
    /// The store could not be read, so nothing is known.
    Unreadable {
        /// Why, in words without the secret.
        why: String,
    },
}
