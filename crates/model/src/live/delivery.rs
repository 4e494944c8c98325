//! Stored token: what a store holds in the place of a declared token.

use crate::{AccountName, IdentityId, StoreKey, TokenId, TokenName};

/// What a store holds where the secret of a declared token is to be.
///
/// It says nothing about the tenant: whether the secret is that of the token that
/// exists there is compared when planning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoredToken {
    /// Nothing.
    Absent,
    /// Nothing; the place that an earlier run delivered the token to has a secret.
    Elsewhere {
        /// That place.
        at: StoreKey,
        /// The client id of the secret there.
        client_id: TokenId,
        /// Whether the declared place was read, and holds nothing. One that is written to
        /// only may hold the secret of a token that another machine has delivered since.
        is_read: bool,
    },
    /// A secret, and it does not say that it is another's.
    Present {
        /// Its client id, which is a token's id.
        client_id: TokenId,
        /// Whether it says that it is of this account and of a token of this name. A
        /// document that a person wrote may say nothing.
        says_own: bool,
        /// The `rotation` that was declared when it was delivered.
        rotation: u32,
        /// The client id of the secret before it, which the document keeps, too.
        previous: Option<TokenId>,
    },
    /// The store runs a program, and the operator did not allow programs.
    NotAsked,
    /// It cannot be read: the store is written to only.
    WriteOnly,
    /// A secret of another tenant, account or token, which is neither used nor
    /// overwritten.
    Foreign {
        /// What differs, with both values.
        why: String,
        /// Whose it is; none where the document is not surely of this tenant.
        of: Option<Box<OtherSecret>>,
    },
    /// The store could not be read.
    Unreadable {
        /// Why, without secrets.
        why: String,
    },
}

/// The secret of another token of this tenant, as its document says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherSecret {
    /// Its client id, which is a token's id.
    pub client_id: TokenId,
    /// The account that it says it is of.
    pub account: Option<AccountName>,
    /// The identity that it says it is of.
    pub identity: Option<IdentityId>,
    /// The token that it says it is of.
    pub token: Option<TokenName>,
    /// Where an earlier run delivered the token that is declared here to, with the client
    /// id of the secret that is there.
    pub declared_one: Option<(StoreKey, TokenId)>,
}
