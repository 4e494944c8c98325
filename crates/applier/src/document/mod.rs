//! The JSON form of [`model::SecretDocument`]: one object with the field names
//! in camel case.

mod error;
mod read;
mod write;

pub use error::DocumentError;
pub(crate) use read::read;
pub(crate) use write::write;
