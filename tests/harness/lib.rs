//! The harness of the end-to-end scenarios.

pub mod judge;
mod run;
mod tenant;
mod world;

pub use run::Run;
pub use tenant::SimulatedTenant;
pub use world::{World, repository};
