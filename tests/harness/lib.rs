//! The harness of the end-to-end scenarios.

pub mod judge;
