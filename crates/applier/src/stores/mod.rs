//! Stores of secrets: deliver, read back and probe.

mod age;
mod aside;
mod command;
mod declared;
mod directory;
mod error;
mod issuers;
mod message;
mod program;
mod readers;
mod relative_key;

pub use declared::Stores;
pub use error::{RecipientsError, StoreError};
pub use issuers::issuers;

pub(crate) use error::LARGEST_DOCUMENT;
