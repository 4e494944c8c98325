//! The judge: holds recorded exchanges against ISC's official description.
//!
//! [`Judge`] knows the description, [`recorder::Client`] and [`proxy::RecordingProxy`] record
//! [`Exchange`]s, and [`Judge::judge`] says in a [`Verdict`] what does not fit.
//!
//! # How strict it is
//! - Path, method, query parameters, media types, statuses and bodies have to be documented.
//! - An object whose properties are listed holds no others: a renamed field is an undocumented
//!   field. Objects without listed properties (`attributes`, `connectorAttributes`) and those with
//!   `additionalProperties` are free in what they hold.
//! - In an answer a field has to be there if it is required, and also if it may not be null and
//!   has an official example: few schemas of the description say what is required, and their
//!   examples show what a reader relies on. What may be absent all the same is named, with the
//!   reason, in `expected.rs`.
//! - A null needs `nullable`, an enumeration its listed spelling.
//! - Where ISC itself, as far as is known, does otherwise than its description says, the deviation
//!   is named with its source in `deviations.rs`; nothing else is let through.

pub mod proxy;
pub mod recorder;

mod complaint;
mod description;
mod deviations;
mod exchange;
mod expected;
mod findings;
mod rules;
mod schema;
mod verdict;

pub use complaint::{Complaint, Part};
pub use description::DescriptionError;
pub use deviations::{DEVIATIONS, Deviation};
pub use exchange::{Exchange, Request, Response};
pub use rules::Operation;
pub use verdict::{Judge, Verdict};

/// The folder of the official description, if the environment names one.
///
/// A test that needs it prints that it was skipped where this is `None`.
pub fn description_folder() -> Option<std::path::PathBuf> {
    std::env::var_os("STEERSMAN_ISC_DESCRIPTION").map(Into::into)
}
