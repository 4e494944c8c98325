//! Catalog of ISC's operations, scopes and user levels, with least-privilege questions.
//!
//! ISC is SailPoint Identity Security Cloud.
//!
//! Everything here is data compiled into the binary and pure functions over it.
//! A token may make a call when one of its scopes opens the operation **and** one
//! of its owner's user levels allows it; operations that name no scope or no
//! level are open in that respect.
//!
//! ```
//! let call = catalog::find_call("POST /search/v1").unwrap();
//! let least = catalog::least_scopes(&[call.operation]);
//! assert_eq!(least.scopes, ["sp:search:read"]);
//! assert_eq!(least.levels.unwrap(), ["REPORT_ADMIN"]);
//! ```
//!
//! The table of operations comes from SailPoint's OpenAPI description:
//! `cargo run -p catalog --example refresh-catalog -- DESCRIPTION.json`.

mod call;
mod cover;
mod effect;
mod excess;
mod explain;
#[rustfmt::skip]
mod generated;
mod index;
mod least;
mod level;
mod likeness;
mod names;
mod op_set;
mod operation;
mod scope;
mod table;

pub use call::{Call, UnknownCall, find_call, suggest_call};
pub use effect::{ScopeEffect, Verdict, may_call, scope_effect};
pub use excess::{Implied, ignored_beside_all, implied_scopes, scopes_implied_by, unneeded_levels};
pub use explain::{
    Callers, LevelShare, ScopeExplanation, callable, explain_scope, level_counts, levels_needed_by,
    operations_of_level, who_may_call,
};
pub use least::{CallNeeds, Least, Need, least_for, least_scopes};
pub use level::{ORG_ADMIN, UserLevel, incompatible_levels, may_combine, user_level, user_levels};
pub use likeness::did_you_mean;
pub use names::{known_scope, scopes, suggest_level, suggest_scope};
pub use operation::{Method, Operation, UnknownMethod};
pub use scope::{ALL as SCOPE_ALL, DEFAULT as SCOPE_DEFAULT};
pub use table::operations;
