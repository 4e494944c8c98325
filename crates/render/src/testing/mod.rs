//! Test support of the renderers, the tests of whole documents, and fuzz targets.

mod fuzz_gate;
mod fuzz_record;
mod fuzz_saved_plan;
mod hostile_text;
mod plans;

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod gate_properties;
#[cfg(test)]
mod redaction_properties;
#[cfg(test)]
pub(crate) mod sarif;
#[cfg(test)]
mod saved_plan_files;
#[cfg(test)]
mod specs;
#[cfg(test)]
mod tenant_problems;
#[cfg(test)]
mod token_list;
#[cfg(test)]
mod wrong_specs;

pub use fuzz_gate::output_gate;
pub use fuzz_record::record;
pub use fuzz_saved_plan::saved_plan;
pub(crate) use plans::{account, plan, step};
#[cfg(test)]
pub(crate) use specs::{assert_shown, load};
