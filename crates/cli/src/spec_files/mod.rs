//! Finds and reads the files of a spec: regular files below the given paths, within limits.
//!
//! A repository is a proposal until it is merged. A link in it must not lead to
//! other files of the machine, and a pipe or a device must not hold a run up.

mod contents;
mod entry;
mod found;
mod ignored;
mod left_out;
mod links;
mod ours;
mod pattern;
mod reading;
mod tenants;
mod unmarked;
mod walk;
mod written;

pub(crate) use contents::{plain, read_up_to};
pub(crate) use ignored::committed_in;
pub(crate) use reading::{SpecFiles, read, read_named, read_spec, read_with_standard_input};
pub(crate) use tenants::other_tenants;
