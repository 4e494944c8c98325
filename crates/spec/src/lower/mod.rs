//! From what is written to what is meant: defaults are applied, references are
//! followed, texts become the types of the model.
//!
//! What cannot be lowered is reported and left out, so that the checks see as
//! much as there is.

mod account;
mod context;
mod place;
mod policy;
mod recipient;
mod source;
mod spec;
mod store;
mod template;
mod token;

pub(crate) use context::Partial;
pub(crate) use spec::lower;
