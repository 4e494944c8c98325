//! Stores of secrets: deliver, read back and probe.

mod age;
mod aside;
mod belonging;
mod command;
mod declared;
mod directory;
mod error;
mod leftovers;
mod limit;
mod message;
mod notices;
mod program;
mod readers;
mod relative_key;
mod secrets;
mod settings;

pub use belonging::Holder;
pub use declared::Stores;
pub use error::{RecipientsError, StoreError};
pub use secrets::{StoredSecrets, stored_secrets};
pub use settings::{Commands, Environment, SecretsOf, StoreSettings};
