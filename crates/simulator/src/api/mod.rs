//! Handlers of ISC's operations: one file per collection.

mod accounts;
mod api_usage;
mod auth_users;
mod call;
mod connector;
mod events;
mod handler;
mod identities;
mod identities_v2;
mod identity_attributes;
mod identity_profiles;
mod identity_rows;
mod lifecycle_states;
mod list_cache;
mod lists;
mod machines;
mod oauth;
mod oauth_clients;
mod personal_access_tokens;
mod profile_objects;
mod public_identities;
mod public_identities_v2;
mod schemas;
mod search;
mod sources;
mod table;
mod tasks;
mod tenant;
mod transforms;
mod user_levels;

pub(crate) use call::{Answer, Body, Call, FormPart, Payload};
pub(crate) use events::Witness;
pub(crate) use list_cache::{Given, ListBehavior, ListCache};
pub(crate) use oauth::{authorize, info, sign_in, token};
pub(crate) use table::{handler, simulated_operations};
