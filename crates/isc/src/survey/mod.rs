//! Reading all that a spec needs.

mod levels;
mod people;
mod sources;
mod tenant;

pub(crate) use sources::profile_of;
pub(crate) use tenant::survey;
