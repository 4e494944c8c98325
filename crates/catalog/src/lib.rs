//! What Identity Security Cloud offers: operations, scopes, user levels.

#[rustfmt::skip]
mod generated;
mod level;
mod operation;
mod scope;

pub use level::{ORG_ADMIN, UserLevel, incompatible_levels, may_combine, user_level, user_levels};
pub use operation::{Method, Operation, UnknownMethod, operations};
pub use scope::{ALL as SCOPE_ALL, DEFAULT as SCOPE_DEFAULT};
