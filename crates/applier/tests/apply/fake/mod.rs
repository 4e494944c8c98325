//! A tenant in memory whose calls go wrong where a test says so.

mod read;
mod script;
mod state;
mod tenant;
mod write;

pub(crate) use script::{Fault, busy, every_refusal, unknown};
pub(crate) use state::{ImportEnd, Source, State, schema};
pub(crate) use tenant::FakeTenant;
