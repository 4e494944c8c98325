//! `/search/v1`: searches over identities, by query language and filters.

mod bounds;
mod cursor;
mod document;
mod filters;
mod handlers;
mod parser;
mod query;
mod subject;

pub(super) use handlers::HANDLERS;
