//! Stores of secrets: where they are delivered to and read from.

mod age;
mod aside;
mod command;
mod directory;
mod error;
mod issuers;
mod message;
mod program;
mod readers;
mod relative_key;

pub use error::{RecipientsError, StoreError};
pub use issuers::issuers;

use self::age::AgeStore;
use command::CommandStore;
use directory::DirectoryStore;
use model::{SecretDocument, StoreKey, StoreName, StoreSpec};
use std::collections::BTreeMap;

/// A document is some hundred bytes. What is larger than this is something else.
const LARGEST_DOCUMENT: usize = 64 * 1024;

/// The stores of a spec, ready for use.
///
/// Clones are the same stores, so they may be used from many tasks at once. The
/// methods have to be called within a tokio runtime.
#[derive(Clone, Debug)]
pub struct Stores(BTreeMap<StoreName, Store>);

#[derive(Clone, Debug)]
enum Store {
    Directory(DirectoryStore),
    Command(CommandStore),
    Age(AgeStore),
}

impl Stores {
    /// Takes the stores as they are declared. Nothing is touched yet.
    pub fn new(specs: &BTreeMap<StoreName, StoreSpec>) -> Self {
        let open = |spec: &StoreSpec| match spec {
            StoreSpec::Directory { path } => Store::Directory(DirectoryStore::new(path)),
            StoreSpec::Command { put, get } => Store::Command(CommandStore::new(put, get)),
            StoreSpec::Age {
                directory,
                recipients,
                identity_file,
            } => Store::Age(AgeStore::new(directory, recipients, identity_file)),
        };
        let stores = specs.iter().map(|(name, spec)| (name.clone(), open(spec)));
        Self(stores.collect())
    }

    /// Reads a secret. None where the store says that it holds none.
    ///
    /// # Errors
    /// When the store cannot be asked, or holds something else there.
    pub async fn get(&self, key: &StoreKey) -> Result<Option<SecretDocument>, StoreError> {
        match self.store(key)? {
            Store::Directory(store) => store.get(&key.key).await,
            Store::Command(store) => store.get(&key.key).await,
            Store::Age(store) => store.get(&key.key).await,
        }
    }

    /// Delivers a secret, in the place of what is there.
    ///
    /// # Errors
    /// When it could not be delivered. The file then still holds what it held
    /// before; what a program has done, nobody knows.
    pub async fn put(&self, key: &StoreKey, document: &SecretDocument) -> Result<(), StoreError> {
        match self.store(key)? {
            Store::Directory(store) => store.put(&key.key, document).await,
            Store::Command(store) => store.put(&key.key, document).await,
            Store::Age(store) => store.put(&key.key, document).await,
        }
    }

    /// Sees that a secret could be delivered, and leaves nothing behind.
    ///
    /// For files that is proven by writing one beside the secret's, and for
    /// encrypted ones also by reading back what is encrypted. For
    /// programs it is as good as it gets without replacing what they hold: the
    /// one that stores can be found, and the one that reads answers for the key.
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
