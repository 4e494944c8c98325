//! Check of a store: whether a document can be written, read and deleted.

use super::{StoreError, Stores};
use crate::document;
use model::{
    Credential, DeliveredForm, Readable, SecretDocument, StoreKey, StoreName, error_chain,
};
use secrecy::ExposeSecret;

/// The key of the document that a check writes and deletes.
const KEY: &str = "steersman-check";

/// A word that has the form of a secret, and is none.
const NO_SECRET: &str = "steersman-check-is-not-a-secret";

/// What a store can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreCheck {
    /// Whether a document can be written.
    pub write: Ability,
    /// Whether it can be read back.
    pub read: Ability,
    /// Whether it can be deleted.
    pub delete: Ability,
}

/// Whether a store can do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ability {
    /// It did it.
    Proven,
    /// It did not do it, for this reason.
    Failed(String),
    /// It is declared so that it cannot.
    NotDeclared,
    /// It was not tried, because a step before it failed, or because programs may not run.
    NotTried,
}

impl Stores {
    /// Writes a document under a key of its own, reads it and deletes it. A store that
    /// declares no way to delete is not written to, and only probed. So is one whose key
    /// holds anything but what an earlier check left, or cannot be read. One that is only
    /// read is not written to, either.
    pub async fn check(&self, store: &StoreName) -> StoreCheck {
        let key = StoreKey {
            store: store.clone(),
            key: KEY.to_owned(),
        };
        let failed = |error: &StoreError| {
            let why = error_chain(error);
            Ability::Failed(self.redactor().redact(&why).into_owned())
        };
        let nothing = StoreCheck {
            write: Ability::NotTried,
            read: Ability::NotTried,
            delete: Ability::NotTried,
        };
        let at = match self.store(&key) {
            Ok(at) => at,
            Err(StoreError::NotAsked) => return nothing,
            Err(error) => {
                return StoreCheck {
                    write: failed(&error),
                    ..nothing
                };
            }
        };
        if !self.can_be_written(store) {
            return StoreCheck {
                write: Ability::NotDeclared,
                read: match at.get(KEY).await {
                    Ok(_) => Ability::Proven,
                    Err(error) => failed(&error),
                },
                delete: Ability::NotDeclared,
            };
        }
        if !at.can_delete() {
            let write = match at.probe(KEY).await {
                Ok(()) => Ability::NotTried,
                Err(error) => failed(&error),
            };
            return StoreCheck {
                write,
                delete: Ability::NotDeclared,
                ..nothing
            };
        }
        match self.readable(store) {
            Readable::WriteOnly => {}
            Readable::Yes => match at.get(KEY).await {
                Ok(None) => {}
                Ok(Some(found)) if is_no_secret(&found) => {}
                Ok(Some(_)) => {
                    return StoreCheck {
                        write: Ability::Failed(format!(
                            "nothing was written, because {KEY} holds a secret: move it to another key"
                        )),
                        ..nothing
                    };
                }
                Err(error) => {
                    return StoreCheck {
                        read: failed(&error),
                        ..nothing
                    };
                }
            },
        }
        let written = match document::encode(&no_secret(), DeliveredForm::Json) {
            Ok(text) => at.put(KEY, text).await,
            Err(error) => Err(StoreError::Encode(error)),
        };
        if let Err(error) = written {
            return StoreCheck {
                write: failed(&error),
                ..nothing
            };
        }
        let read = match self.readable(store) {
            Readable::WriteOnly => Ability::NotDeclared,
            Readable::Yes => match at.get(KEY).await {
                Ok(Some(back)) if is_no_secret(&back) => Ability::Proven,
                Ok(_) => Ability::Failed("it returns something else than was written".to_owned()),
                Err(error) => failed(&error),
            },
        };
        StoreCheck {
            write: Ability::Proven,
            read,
            delete: match at.delete(KEY).await {
                Ok(()) => Ability::Proven,
                Err(error) => failed(&error),
            },
        }
    }
}

fn is_no_secret(document: &SecretDocument) -> bool {
    document.credential.client_secret.expose_secret() == NO_SECRET
}

fn no_secret() -> SecretDocument {
    SecretDocument {
        credential: Credential {
            client_id: "steersman-check".into(),
            client_secret: NO_SECRET.into(),
        },
        base_url: None,
        account: None,
        identity: None,
        token: None,
        scopes: [].into(),
        created: None,
        expires: None,
        replaces: None,
        rotation: 0,
        previous: None,
    }
}
