//! Secret documents and store settings for tests.

use crate::stores::{Commands, Environment, SecretsOf, StoreSettings};
use model::{Credential, Redactor, SecretDocument};

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
        replaces: None,
        rotation: 0,
        previous: None,
    }
}

/// Settings of a tenant, with the variable `PATH` and these.
pub(crate) fn settings(commands: Commands) -> StoreSettings {
    StoreSettings {
        tenant: SecretsOf::Tenant("https://acme.api.identitynow.com".to_owned()),
        commands,
        environment: Environment::new([
            ("PATH".into(), "/usr/bin:/bin".into()),
            ("SAIL_CLIENT_SECRET".into(), "s3cr3t-of-admin".into()),
            ("VAULT_TOKEN".into(), "t0ken-of-vault".into()),
            ("GITHUB_TOKEN".into(), "t0ken-of-github".into()),
        ]),
        redactor: Redactor::default(),
    }
}
