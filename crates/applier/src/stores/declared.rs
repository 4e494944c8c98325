//! The stores that a spec declares, ready for use: each call goes to the kind it names.

use super::age::AgeStore;
use super::command::CommandStore;
use super::directory::{Content, DirectoryStore};
use super::notices::Notices;
use super::{Commands, Holder, SecretsOf, StoreError, StoreSettings, belonging};
use model::{Origin, Redactor, SecretDocument, StoreKey, StoreName, StoreSpec, is_client_secret};
use secrecy::ExposeSecret;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The stores of a spec, ready for use.
///
/// Clones share the same stores, so many tasks can use them at once. The methods
/// have to be called within a tokio runtime.
#[derive(Clone, Debug)]
pub struct Stores {
    by_name: Arc<BTreeMap<StoreName, Store>>,
    tenant: SecretsOf,
    redactor: Redactor,
    notices: Notices,
}

#[derive(Clone, Debug)]
enum Store {
    /// A store of programs that may not run.
    NotAsked,
    Directory(DirectoryStore),
    Command(CommandStore),
    Age(AgeStore),
}

impl Stores {
    /// Opens the stores as they are declared; nothing is read or written yet, and no
    /// program runs.
    pub fn new(specs: &BTreeMap<StoreName, StoreSpec>, settings: &StoreSettings) -> Self {
        let StoreSettings {
            tenant,
            commands,
            environment,
            redactor,
        } = settings;
        let notices = Notices::default();
        let open = |spec: &StoreSpec| match spec {
            StoreSpec::Directory { path } => {
                Store::Directory(DirectoryStore::new(path, Content::Plain, notices.clone()))
            }
            StoreSpec::Command {
                put,
                get,
                // Nothing is deleted so far.
                delete: _,
                not_found,
                environment: named,
            } => match commands {
                Commands::Allowed => Store::Command(CommandStore::new(
                    put,
                    get,
                    not_found.as_ref(),
                    environment.of_program(named),
                    redactor.clone(),
                )),
                Commands::NotAllowed => Store::NotAsked,
            },
            StoreSpec::Age {
                directory,
                recipients,
                identity_file,
            } => Store::Age(AgeStore::new(
                directory,
                recipients,
                identity_file,
                notices.clone(),
            )),
        };
        let stores = specs.iter().map(|(name, spec)| (name.clone(), open(spec)));
        Self {
            by_name: Arc::new(stores.collect()),
            tenant: tenant.clone(),
            redactor: redactor.clone(),
            notices,
        }
    }

    /// The stores that are not asked, because programs may not run.
    pub fn not_asked(&self) -> BTreeSet<StoreName> {
        self.by_name
            .iter()
            .filter(|(_, store)| matches!(store, Store::NotAsked))
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// What a person should know about the stores, since the last call.
    pub fn take_notices(&self) -> Vec<String> {
        self.notices.take()
    }

    /// Removes temporary files with secrets that runs left when they were killed.
    /// A notice says so.
    ///
    /// # Errors
    /// When a directory cannot be read, or a file cannot be removed.
    pub async fn remove_leftovers(&self) -> Result<(), StoreError> {
        for store in self.by_name.values() {
            match store {
                Store::Directory(store) => store.remove_leftovers().await?,
                Store::Age(store) => store.remove_leftovers().await?,
                Store::Command(_) | Store::NotAsked => {}
            }
        }
        Ok(())
    }

    /// What shows that a document is not of this holder in this tenant, with both
    /// values; none where nothing does. Such a document is never used and never
    /// overwritten.
    pub fn foreign(&self, document: &SecretDocument, holder: Holder<'_>) -> Option<String> {
        belonging::foreign(document, &self.tenant, holder)
    }

    /// What redacts the secrets of this run.
    pub(crate) fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Reads a secret. None where the store has none.
    ///
    /// # Errors
    /// When the store cannot be read, or holds something other than a secret there: also
    /// where the secret of a document is none that ISC generates.
    pub async fn get(&self, key: &StoreKey) -> Result<Option<SecretDocument>, StoreError> {
        let found = match self.store(key)? {
            Store::Directory(store) => store.get(&key.key).await,
            Store::Command(store) => store.get(&key.key).await,
            Store::Age(store) => store.get(&key.key).await,
            Store::NotAsked => Err(StoreError::NotAsked),
        }?;
        if let Some(document) = &found {
            // Who can write to the store would choose which texts are redacted.
            if !is_client_secret(document.credential.client_secret.expose_secret()) {
                return Err(StoreError::NotASecret);
            }
            self.learn(key, document);
        }
        Ok(found)
    }

    /// Delivers a secret and replaces the one that the key holds.
    ///
    /// # Errors
    /// When it could not be delivered. A file then still has its earlier content;
    /// the effect of a program that failed is unknown.
    pub async fn put(&self, key: &StoreKey, document: &SecretDocument) -> Result<(), StoreError> {
        self.learn(key, document);
        match self.store(key)? {
            Store::NotAsked => Err(StoreError::NotAsked),
            Store::Directory(store) => store.put(&key.key, document).await,
            Store::Command(store) => store.put(&key.key, document).await,
            Store::Age(store) => store.put(&key.key, document).await,
        }
    }

    /// Checks that a secret could be delivered, and leaves nothing behind.
    ///
    /// For files the proof is a file written beside the secret's, for encrypted
    /// ones also a text that is encrypted and decrypted. For programs the proof is
    /// weaker, because running `put` would replace the secret: the `put` program
    /// exists.
    ///
    /// # Errors
    /// When [`Self::put`] would fail.
    pub async fn probe(&self, key: &StoreKey) -> Result<(), StoreError> {
        match self.store(key)? {
            Store::NotAsked => Err(StoreError::NotAsked),
            Store::Directory(store) => store.probe(&key.key).await,
            Store::Command(store) => store.probe(&key.key),
            Store::Age(store) => store.probe(&key.key).await,
        }
    }

    fn learn(&self, key: &StoreKey, document: &SecretDocument) {
        let secret = &document.credential.client_secret;
        self.redactor.learn_from(secret, Origin::Store(key.clone()));
    }

    fn store(&self, key: &StoreKey) -> Result<&Store, StoreError> {
        self.by_name
            .get(&key.store)
            .ok_or_else(|| StoreError::Undeclared(key.store.clone()))
    }
}
