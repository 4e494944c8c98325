//! Stores of secrets: deliver, read back and probe.

mod age;
mod aside;
mod aws_secrets_manager;
mod azure_key_vault;
mod belonging;
mod check;
mod command;
mod declared;
mod directory;
mod environment;
mod error;
mod gcloud;
mod github_actions_secret;
mod kubernetes_secret;
mod leftovers;
mod limit;
mod message;
mod notices;
mod one_password;
mod passed_on;
mod program;
mod readers;
mod relative_key;
mod secrets;
mod settings;
mod store;
mod text;
mod tool;
mod vault;

pub use belonging::Holder;
pub use check::{Ability, StoreCheck};
pub use declared::Stores;
pub use error::{RecipientsError, StoreError};
pub use secrets::{StoredSecrets, stored_secrets};
pub use settings::{Commands, Environment, SecretsOf, StoreSettings};
