//! The tenant: the pure state machine. It does no I/O and asks no clock; time is told to it with
//! [`Tenant::advance_to`].
//!
//! Where SailPoint's documents are silent, the simulator follows one reading of them, and says so
//! at the place. The readings that matter most:
//! - Identities appear by an identity refresh some seconds after an import, if the profile was
//!   there and enabled; after a profile was created or changed over existing accounts, only
//!   "Apply Changes" (`process-identities`) clears `identityRefreshRequired`.
//! - When the authoritative account is gone, the identity goes some minutes later, with its tokens.
//! - Changing what feeds `uid` ends the identity and makes another.
//! - User levels can be set on identities that are not registered.

mod accounts;
mod aggregation;
mod auth_users;
mod authentication;
mod delays;
mod events;
mod identities;
mod identity_attributes;
mod identity_profiles;
mod ids;
mod invitations;
mod lifecycle_states;
mod oauth_clients;
mod outside;
mod schemas;
mod seed;
mod sources;
mod state;
mod tasks;
mod tokens;
mod user_levels;

#[cfg(test)]
mod tests;

pub use identities::IdentityStatus;
pub use seed::{ADMIN_CLIENT_ID, ADMIN_CLIENT_SECRET};
pub(crate) use state::FORMAT_VERSION;
pub use state::Tenant;
pub use tasks::Completion;
pub use tokens::{MintedToken, TokenRequest};

pub(crate) use accounts::{Account, Origin};
pub(crate) use authentication::{AccessToken, Caller, GrantError};
pub(crate) use identities::Identity;
pub(crate) use identity_attributes::IdentityAttribute;
pub(crate) use ids::{fingerprint, scramble};
pub(crate) use oauth_clients::OauthClient;
pub(crate) use schemas::Schema;
pub(crate) use sources::Source;
pub(crate) use tasks::{Severity, Task};
pub(crate) use tokens::PersonalAccessToken;
pub(crate) use user_levels::RIGHT_SETS;
