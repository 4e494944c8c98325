//! Test support of the renderers, and the tests of whole documents.

mod gate_properties;
mod plans;
pub(crate) mod sarif;
mod saved_plan_files;
mod specs;
mod tenant_problems;
mod wrong_specs;

pub(crate) use plans::{account, plan};
pub(crate) use specs::{assert_shown, load};
