//! Generates spec files from an existing source; planning them shows no changes.
//!
//! A source is declared piece by piece: an attribute, a mapping, a token. Each
//! piece goes through a trial: it is written as YAML, read back by the `spec`
//! crate and planned. A piece is declared only if it is read back unchanged,
//! without an error, and its plan is empty. So the rules of the language and of
//! the planner are not repeated here, and a piece that cannot be declared is left
//! out with the reason that they give.
//!
//! Everything here is a pure function of what was read. The planner is handed in
//! as a [`Planner`]: this crate depends on `model` and `spec` alone.

mod account;
mod accounts;
mod adopted;
mod comment;
mod error;
mod files;
mod lifetime;
mod owner;
mod pattern;
mod planner;
mod profile;
mod redact;
mod scalar;
mod schema;
mod secret_part;
mod selection;
mod source;
mod source_part;
mod tokens;
mod trial;
mod yaml;

#[cfg(test)]
mod testing;

pub use adopted::{Adopted, adopt};
pub use error::AdoptError;
pub use files::{AdoptedFile, Layout, MAIN};
pub use pattern::{AccountPattern, PatternError};
pub use planner::Planner;
pub use selection::Selection;
