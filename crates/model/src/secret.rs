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
    /// The issuer token that this one has replaced. Only steersman writes it: an issuer
    /// token without it was put there by a person, who knows its secret.
    pub replaces: Option<TokenId>,
    /// The declared `rotation` for which the token was created; 0 where none is written.
    pub rotation: u32,
    /// The secret of the token before it, which `token rollback` makes current again.
    pub previous: Option<Box<PreviousSecret>>,
}

/// The secret of a token that was replaced, while it is kept for its overlap.
#[derive(Clone, Debug)]
pub struct PreviousSecret {
    /// What to sign in with.
    pub credential: Credential,
    /// The token's scopes.
    pub scopes: BTreeSet<Scope>,
    /// When the token was created.
    pub created: Option<Timestamp>,
    /// When the token expires.
    pub expires: Option<Timestamp>,
    /// The declared `rotation` for which the token was created.
    pub rotation: u32,
    /// The end of the overlap. A later run revokes the token then.
    pub until: Timestamp,
}

impl SecretDocument {
    /// What is kept of this document while its token is kept until this time.
    pub fn kept_until(&self, until: Timestamp) -> PreviousSecret {
        PreviousSecret {
            credential: self.credential.clone(),
            scopes: self.scopes.clone(),
            created: self.created,
            expires: self.expires,
            rotation: self.rotation,
            until,
        }
    }

    /// The document in which the token before is current again; none where this one does
    /// not keep it.
    pub fn rolled_back(&self) -> Option<Self> {
        let PreviousSecret {
            credential,
            scopes,
            created,
            expires,
            rotation,
            until: _,
        } = self.previous.as_deref()?.clone();
        Some(Self {
            credential,
            base_url: self.base_url.clone(),
            account: self.account.clone(),
            identity: self.identity.clone(),
            token: self.token.clone(),
            scopes,
            created,
            expires,
            replaces: None,
            rotation,
            previous: None,
        })
    }
}

/// Whether a text can be the secret of a token.
///
/// ISC generates 64 hexadecimal digits. Others may come to be, so what counts is that it
/// is one word of 16 to 512 characters that neither quotes nor divides text: nobody can
/// have a layout, or a key of a document with its value, taken for a secret.
pub fn is_client_secret(text: &str) -> bool {
    const DIVIDING: &[u8] = b"\"'`\\,;|(){}[]<>";
    (16..=512).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !DIVIDING.contains(&byte))
}

/// Whether a text can be an access token: a word in the alphabet of RFC 6750 of 16 to
/// 16384 characters.
pub fn is_access_token(text: &str) -> bool {
    (16..=16_384).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::{is_access_token, is_client_secret};

    #[test]
    fn security_m6_only_a_word_can_be_a_secret() {
        let hex = "0123456789abcdef".repeat(4);
        for (text, secret, token) in [
            (hex.as_str(), true, true),
            ("0123456789abcdef", true, true),
            ("0123456789abcde", false, false),
            ("eyJhbGciOi.eyJzdWIi.c2ln-_", true, true),
            ("sp:scopes:all@acme", true, false),
            ("user levels CERT_ADMIN", false, false),
            ("formatVersion\":2,\"tool\"", false, false),
            ("CERT_ADMIN,REPORT_ADMIN", false, false),
            ("0123456789abcdef\n", false, false),
            ("0123456789abcdef\u{1b}", false, false),
            ("0123456789abcdefé", false, false),
            ("0123456789\\nabcdef", false, false),
            ("", false, false),
        ] {
            assert_eq!(is_client_secret(text), secret, "{text:?}");
            assert_eq!(is_access_token(text), token, "{text:?}");
        }
        assert!(!is_client_secret(&"a".repeat(513)));
        assert!(!is_access_token(&"a".repeat(16_385)));
    }
}
