//! Who may do what: missing scopes, owners that are gone, API clients, invitations, addresses.

mod addresses;
mod clients;
mod invitations;
mod owners;
mod scopes;
mod setting;
