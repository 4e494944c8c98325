//! Texts of a [`model::SecretDocument`]: a JSON object, a dotenv file, the
//! configuration file of SailPoint's command line, or a single value.

mod encode;
mod error;
mod lines;
mod read;
mod write;

pub use encode::EncodeError;
pub(crate) use encode::encode;
pub use error::DocumentError;
pub(crate) use read::read;
#[cfg(test)]
pub(crate) use write::write;
