//! Places that declared tokens pass on to each other.

mod find;
mod passing_on;

pub(crate) use passing_on::Handovers;
