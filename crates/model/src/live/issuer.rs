//! Issuer token of an account, as its store has it.

use crate::TokenId;
use serde::Serialize;

/// Who created an issuer token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum IssuerOrigin {
    /// A person, who has seen its secret.
    Person,
    /// Whoever sets the variable that holds it, which steersman only reads.
    Variable,
    /// steersman, so that no person has seen its secret.
    Steersman {
        /// The issuer token that it replaced.
        replaces: TokenId,
        /// The declared `rotation` for which it was created.
        rotation: u32,
    },
}

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
        /// Who created it.
        origin: IssuerOrigin,
    },
    /// The store runs a program, and the operator did not allow programs. What it
    /// holds is not known.
    NotAsked,
    /// The store has a secret of another tenant or account, which is neither used
    /// nor overwritten.
    Foreign {
        /// What differs, with both values.
        why: String,
    },
    /// The store could not be read.
    Unreadable {
        /// Why, without secrets.
        why: String,
    },
}
