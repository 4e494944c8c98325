//! The harness of the end-to-end scenarios.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and so do its helpers"
)]

pub mod forms;
pub mod judge;
pub mod measure;
pub mod receiver;
mod run;
pub mod scale;
mod tenant;
mod world;

pub use run::Run;
pub use tenant::{SimulatedTenant, client};
pub use world::{World, repository};
