//! A tenant in memory whose calls go wrong where a test says so.

mod read;
mod script;
mod state;
mod tenant;
mod write;

pub(crate) use script::{Fault, every_refusal, unknown};
pub(crate) use state::{Comparing, ImportEnd, Source, State, Told};
pub(crate) use tenant::FakeTenant;
