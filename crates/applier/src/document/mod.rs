//! JSON format of a [`model::SecretDocument`]: one object, names in camel case.

mod error;
mod read;
mod write;

pub use error::DocumentError;
pub(crate) use read::read;
pub(crate) use write::write;
