//! Lowers raw YAML types to the model: applies defaults, resolves references, parses values.
//!
//! What cannot be lowered is reported and left out, so that the checks still see
//! the rest.

mod account;
mod address;
mod aside;
mod context;
mod notify;
mod place;
mod policy;
mod profiles;
mod program_variables;
mod ready_made;
mod receiver;
mod recipient;
mod source;
mod spec;
mod store;
mod template;
mod token;

pub(crate) use context::Partial;
pub(crate) use receiver::Receiver;
pub(crate) use spec::lower;
