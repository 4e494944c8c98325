//! Plans the personal access tokens of an account: create, update, replace, revoke.

mod blocked;
mod create;
mod fields;
mod issuer;
mod left_out;
mod plan;
mod replace;
mod report;
mod revoke;
mod undeclared;
mod update;

pub(crate) use left_out::tell_retiring;
pub(crate) use plan::plan;
pub(crate) use revoke::revoke;
pub(crate) use undeclared::kept_in_document;
