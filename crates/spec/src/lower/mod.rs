//! Lowers raw YAML types to the model: applies defaults, resolves references, parses values.
//!
//! What cannot be lowered is reported and left out, so that the checks still see
//! the rest.

mod account;
mod address;
mod aside;
mod context;
mod ends;
mod notify;
mod place;
mod policy;
mod profiles;
mod program_variables;
mod ready_made;
mod receiver;
mod recipient;
mod shared_texts;
mod source;
mod spec;
mod store;
mod template;
mod tenancy;
mod token;

pub(crate) use context::Partial;
pub use place::issuer_key;
pub(crate) use receiver::Receiver;
pub(crate) use spec::lower;
pub(crate) use tenancy::Tenancy;
