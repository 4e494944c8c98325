//! Who may do what: missing scopes, owners that are gone, API clients, invitations, addresses.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod addresses;
mod clients;
mod invitations;
mod owners;
mod scopes;
mod setting;
