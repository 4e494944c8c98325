//! Execution of steps, one file for each kind of object.

mod again;
mod checks;
mod dispatch;
mod import;
mod import_checks;
mod invitation;
mod issuer;
mod levels;
mod processing;
mod profile;
mod schema;
mod source;
pub(crate) mod threshold;
mod tokens;

pub(crate) use dispatch::unit;
pub use issuer::{IssuerNotReplaced, IssuerReplaced, replace_issuer};
pub(crate) use tokens::verify_all as verify_tokens;
