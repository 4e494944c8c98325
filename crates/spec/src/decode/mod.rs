//! Decodes the YAML tree into the raw types.
//!
//! Each value is decoded by itself, so that a problem in one does not hide the
//! next one.

mod choice;
mod collection;
mod list_advice;
mod misplaced;
mod record;
mod scalar;
mod suggestion;
mod value;

pub(crate) use choice::{choice, refused_choice};
pub(crate) use collection::{List, Named, Section};
pub(crate) use record::{Needed, Record, missing_key, record, unknown_key};
pub(crate) use scalar::{FromScalar, Refusal, Text, or_variable, text_schema};
pub use suggestion::did_you_mean;
pub(crate) use suggestion::{all_of, one_of};
pub(crate) use value::{Decode, wrong_type};
