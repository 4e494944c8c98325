//! Plans the personal access tokens of an account: create, update, replace, revoke.

mod blocked;
mod create;
mod fields;
mod plan;
mod replace;
mod revoke;
mod undeclared;
mod update;

pub(crate) use plan::plan;
pub(crate) use revoke::revoke;
