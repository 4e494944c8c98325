//! What can be said about a spec without the tenant: each check in a file of
//! its own, by name in one table.
//!
//! The checks look at the lowered spec and find the places of what they say in
//! the map of places. A text that stands for a mocked variable is not known, and
//! nothing is said about it.

mod attributes;
mod calls;
mod email;
mod levels;
mod lifetimes;
mod long_description;
mod mappings;
mod policy;
mod previously;
mod reserved_names;
mod run;
mod scope_effects;
mod scopes;
mod secrets;
mod store_keys;
mod subject;
mod token_count;
mod unneeded_levels;
mod unsafe_text;

pub(crate) use run::run;
pub(crate) use secrets::find_secrets;
