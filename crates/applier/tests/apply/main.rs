//! Plans carried out against a tenant in memory: order, checks before and after
//! each write, what happens when something fails, and that no secret is said.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and so do its helpers"
)]

mod cancelling;
mod changed_meanwhile;
mod disabled;
mod fake;
mod few_writes;
mod importing;
mod invitations;
mod issuers;
mod levels;
mod listed;
mod lost_tokens;
mod made_anew;
mod minting;
mod moved;
mod order;
mod plans;
mod processing;
mod profiles;
mod replacing;
mod schemas;
mod secrets;
mod sources;
mod token_changes;
mod unknowns;
mod world;
