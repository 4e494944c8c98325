//! The stores that a spec declares, ready for use: each call goes to the kind it names.

use super::StoreError;
use super::age::AgeStore;
use super::command::CommandStore;
use super::directory::DirectoryStore;
use model::{SecretDocument, StoreKey, StoreName, StoreSpec};
use std::collections::BTreeMap;
use std::ffi::OsStr;

/// The stores of a spec, ready for use.
///
/// Clones share the same stores, so many tasks can use them at once. The methods
/// have to be called within a tokio runtime.
#[derive(Clone, Debug)]
pub struct Stores(BTreeMap<StoreName, Store>);

#[derive(Clone, Debug)]
enum Store {
    Directory(DirectoryStore),
    Command(CommandStore),
    Age(AgeStore),
}

impl Stores {
    /// Opens the stores as they are declared; nothing is read or written yet.
    /// `search_path` is the environment variable `PATH`, by which the system finds
    /// the programs of command stores.
    pub fn new(specs: &BTreeMap<StoreName, StoreSpec>, search_path: &OsStr) -> Self {
        let open = |spec: &StoreSpec| match spec {
            StoreSpec::Directory { path } => Store::Directory(DirectoryStore::new(path)),
            StoreSpec::Command { put, get } => {
                Store::Command(CommandStore::new(put, get, search_path))
            }
            StoreSpec::Age {
                directory,
                recipients,
                identity_file,
            } => Store::Age(AgeStore::new(directory, recipients, identity_file)),
        };
        let stores = specs.iter().map(|(name, spec)| (name.clone(), open(spec)));
        Self(stores.collect())
    }

    /// Reads a secret. None where the store has none.
    ///
    /// # Errors
    /// When the store cannot be read, or holds something other than a secret there.
    pub async fn get(&self, key: &StoreKey) -> Result<Option<SecretDocument>, StoreError> {
        match self.store(key)? {
            Store::Directory(store) => store.get(&key.key).await,
            Store::Command(store) => store.get(&key.key).await,
            Store::Age(store) => store.get(&key.key).await,
        }
    }

    /// Delivers a secret and replaces the one that the key holds.
    ///
    /// # Errors
    /// When it could not be delivered. A file then still has its earlier content;
    /// the effect of a program that failed is unknown.
    pub async fn put(&self, key: &StoreKey, document: &SecretDocument) -> Result<(), StoreError> {
        match self.store(key)? {
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
    /// exists, and the `get` program succeeds for the key.
    ///
    /// # Errors
    /// When [`Self::put`] would fail.
    pub async fn probe(&self, key: &StoreKey) -> Result<(), StoreError> {
        match self.store(key)? {
            Store::Directory(store) => store.probe(&key.key).await,
            Store::Command(store) => store.probe(&key.key).await,
            Store::Age(store) => store.probe(&key.key).await,
        }
    }

    fn store(&self, key: &StoreKey) -> Result<&Store, StoreError> {
        self.0
            .get(&key.store)
            .ok_or_else(|| StoreError::Undeclared(key.store.clone()))
    }
}
