//! Offline checks of a spec, one file each.
//!
//! The checks examine the lowered spec and look up places in the place map. The
//! value of a mocked variable is not known, so it is not checked.

mod attributes;
mod calls;
mod cells;
mod characters;
mod each;
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
mod secret_places;
mod secrets;
mod shared_identities;
mod store_keys;
mod subject;
mod token_count;
mod unneeded_levels;
mod unsafe_text;
mod user_names;

pub(crate) use run::run;
pub(crate) use secrets::{find_secrets, find_secrets_of_item, literal_notice_address};
