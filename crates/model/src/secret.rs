//! Secrets as types that cannot be printed.

use crate::{AccountName, IdentityId, Scope, TokenId, TokenName};
use jiff::Timestamp;
use secrecy::SecretString;
use std::collections::BTreeSet;

/// What an API client signs in with: a personal access token's id and secret.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The OAuth client id: for a personal access token, its id.
    pub client_id: TokenId,
    /// The OAuth client secret.
    pub client_secret: SecretString,
}

/// A secret as a store holds it, with the facts that its reader needs.
///
/// Stores write it as one JSON object with the field names in camel case
/// (`baseUrl`, `clientId`, `clientSecret`, …). Of a secret that a person put
/// there by hand only `clientId` and `clientSecret` are required.
#[derive(Clone, Debug)]
pub struct SecretDocument {
    /// What to sign in with.
    pub credential: Credential,
    /// The tenant's API address.
    pub base_url: Option<String>,
    /// The service account that owns the token.
    pub account: Option<AccountName>,
    /// The identity that owns the token.
    pub identity: Option<IdentityId>,
    /// The token's name.
    pub token: Option<TokenName>,
    /// The token's scopes.
    pub scopes: BTreeSet<Scope>,
    /// When the token was created.
    pub created: Option<Timestamp>,
    /// When the token expires.
    pub expires: Option<Timestamp>,
}
