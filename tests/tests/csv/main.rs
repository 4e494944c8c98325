//! Any table of any Unicode cells goes out to the tenant, in by an import, and comes back
//! unchanged; what ISC cannot carry is refused by name, before anything is sent.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod cells;
mod refused;
mod site;
