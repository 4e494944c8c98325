//! Test support: generated tenants, and the product's planner.

pub(crate) mod planner;
mod properties;
pub(crate) mod tenants;
