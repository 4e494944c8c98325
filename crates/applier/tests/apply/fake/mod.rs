//! A tenant in memory whose calls go wrong where a test says so.

mod read;
mod script;
mod state;
mod tenant;
mod write;

pub(crate) use script::{Fault, busy, every_refusal, unknown};
pub(crate) use state::{Comparing, ImportEnd, Source, State, Told, schema};
pub(crate) use tenant::FakeTenant;
