//! Survey of a tenant: all reads that a spec needs, in few requests.

mod levels;
mod people;
mod sources;
mod tenant;

pub(crate) use levels::listed_levels;
pub(crate) use sources::profile_of;
pub(crate) use tenant::{all_tokens, survey};
