//! Flags that several commands share, one file for each topic.

mod commands;
mod duration;
mod guards;
mod journal;
mod selection;
mod spec;
mod tenant;

pub(crate) use commands::{CommandArguments, StoreArguments};
pub(crate) use duration::duration;
pub(crate) use guards::GuardArguments;
pub(crate) use journal::JournalArgument;
pub(crate) use selection::SelectionArguments;
pub(crate) use spec::{SpecArguments, allowed_code, withhold_value};
pub(crate) use tenant::TenantArguments;
