//! Store in environment variables of this process, which is only read.

use super::store::{Answer, Store};
use super::{Environment, StoreError};
use crate::document;
use model::{SecretDocument, secret_variable};
use secrecy::zeroize::Zeroizing;

/// Secrets that a person or a pipeline puts into variables, one a key.
#[derive(Debug)]
pub(super) struct EnvironmentStore {
    prefix: String,
    environment: Environment,
}

impl EnvironmentStore {
    pub(super) fn new(prefix: &str, environment: &Environment) -> Self {
        Self {
            prefix: prefix.to_owned(),
            environment: environment.of_secrets(),
        }
    }

    fn variable(&self, key: &str) -> Result<String, StoreError> {
        secret_variable(&self.prefix, key).map_err(|source| StoreError::BadKey {
            key: key.to_owned(),
            source,
        })
    }

    fn read_only<T>(&self, key: &str) -> Result<T, StoreError> {
        let variable = self.variable(key)?;
        Err(StoreError::ReadOnly { variable })
    }
}

impl Store for EnvironmentStore {
    fn get<'a>(&'a self, key: &'a str) -> Answer<'a, Option<SecretDocument>> {
        Box::pin(async move {
            let variable = self.variable(key)?;
            let Some(value) = self.environment.value(&variable) else {
                return Ok(None);
            };
            let text = Zeroizing::new(value.as_encoded_bytes().to_owned());
            // Pipelines set a variable whose secret does not exist to nothing.
            if text.trim_ascii().is_empty() {
                return Ok(None);
            }
            let document = document::read(&text).map_err(|source| StoreError::Document {
                place: format!("the variable `{variable}`"),
                source: Box::new(source),
            })?;
            Ok(Some(document))
        })
    }

    fn put<'a>(&'a self, key: &'a str, _: Zeroizing<Vec<u8>>) -> Answer<'a, ()> {
        Box::pin(async move { self.read_only(key) })
    }

    fn delete<'a>(&'a self, key: &'a str) -> Answer<'a, ()> {
        Box::pin(async move { self.read_only(key) })
    }

    fn can_delete(&self) -> bool {
        false
    }

    fn probe<'a>(&'a self, key: &'a str) -> Answer<'a, ()> {
        Box::pin(async move { self.read_only(key) })
    }
}

#[cfg(test)]
#[path = "../testing/environment.rs"]
mod tests;
