//! Tests of the tenant without HTTP.

mod access;
mod identities;
mod imports;
mod stories;
mod tenants;
