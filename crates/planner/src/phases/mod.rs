//! Phases of planning, one file for each kind of object.

pub(crate) mod accounts;
pub(crate) mod deletion;
pub(crate) mod identity;
pub(crate) mod import;
pub(crate) mod invitation;
pub(crate) mod levels;
pub(crate) mod names;
pub(crate) mod own_access;
pub(crate) mod owner;
pub(crate) mod processing;
pub(crate) mod profile;
pub(crate) mod profile_names;
pub(crate) mod rename;
pub(crate) mod schema;
pub(crate) mod source;
pub(crate) mod tokens;
pub(crate) mod unsettled;
