//! What refuses a plan as a whole, before the first write.
//!
//! Each guard has a name, counts something, and is lifted in its own way; there
//! is no switch that lifts all.

mod allowances;
mod delete_threshold;
mod limits;
mod own_access;
mod registry;

pub use allowances::Allowances;
pub(crate) use registry::run;
pub use registry::{GUARDS, GuardInfo};
