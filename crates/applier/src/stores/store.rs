//! Store trait: what every kind of store can do.

use super::StoreError;
use futures::future::BoxFuture;
use model::SecretDocument;
use secrecy::zeroize::Zeroizing;
use std::fmt;

/// The answer of a store.
pub(super) type Answer<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// A place of secrets, each with a key. Kinds differ in the keys that they accept.
pub(super) trait Store: fmt::Debug + Send + Sync {
    /// Reads the secret of a key; none where there is none. A store that could not be
    /// asked, or that refuses the caller, is an error.
    fn get<'a>(&'a self, key: &'a str) -> Answer<'a, Option<SecretDocument>>;

    /// Stores this text, and replaces the one that the key has.
    fn put<'a>(&'a self, key: &'a str, text: Zeroizing<Vec<u8>>) -> Answer<'a, ()>;

    /// Removes the key's text. One that is gone is no error.
    fn delete<'a>(&'a self, key: &'a str) -> Answer<'a, ()>;

    /// Whether it has a way to delete.
    fn can_delete(&self) -> bool {
        true
    }

    /// Checks that [`Self::put`] would succeed, as far as the system can say so without
    /// a change of a secret.
    fn probe<'a>(&'a self, key: &'a str) -> Answer<'a, ()>;

    /// Removes temporary files of runs that were killed.
    fn remove_leftovers(&self) -> Answer<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}
