//! Secret documents for tests.

use model::{Credential, SecretDocument};

/// A document with this secret.
pub(crate) fn document(secret: &str) -> SecretDocument {
    SecretDocument {
        credential: Credential {
            client_id: "2f9c".into(),
            client_secret: secret.into(),
        },
        base_url: None,
        account: Some("audit01".into()),
        identity: None,
        token: None,
        scopes: ["sp:search:read".into()].into(),
        created: None,
        expires: None,
    }
}
