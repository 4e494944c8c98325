//! Guards, which refuse a plan as a whole before the first write.
//!
//! Each guard has a name, counts something, and is lifted in its own way; there
//! is no switch that lifts all.

mod allowances;
mod delete_accounts;
mod delete_threshold;
mod delete_tokens;
mod deletions_off;
mod drop_attributes;
mod empty_spec;
mod import_rows;
mod info;
mod last_org_admin;
mod limit;
mod missing_accounts;
mod own_access;
mod registry;
mod remove_levels;
mod remove_scopes;
mod rename_accounts;
mod replace_tokens;
mod shorten_tokens;

pub use allowances::Allowances;
pub use info::{GuardInfo, Lifting};
pub use registry::GUARDS;
pub(crate) use registry::{raises_thresholds, run};
