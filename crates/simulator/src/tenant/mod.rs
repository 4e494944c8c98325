//! Simulated tenant: a pure state machine without I/O and clock.
//!
//! Time comes in with [`Tenant::advance_to`].
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
mod audit;
mod auth_users;
mod authentication;
mod change;
mod delays;
mod fields;
mod identities;
mod identity_attributes;
mod identity_profiles;
mod identity_refresh;
mod invitations;
mod lifecycle_states;
mod machines;
mod oauth_clients;
mod outside;
mod profile_objects;
mod records;
mod rows;
mod schemas;
mod secrets;
mod seed;
mod sources;
mod sown;
mod state;
mod tasks;
mod time;
mod tokens;
mod user_levels;

#[cfg(test)]
mod testing;

pub use records::{Completion, IdentityStatus};
pub use seed::{ADMIN_CLIENT_ID, ADMIN_CLIENT_SECRET};
pub use state::Tenant;
pub use tokens::{MintedToken, TokenRequest};

pub(crate) use authentication::{AccessToken, Caller, GrantError};
pub(crate) use change::Change;
pub(crate) use machines::MachineVersion;
pub(crate) use records::{
    Account, Deed, Identity, IdentityAttribute, IdentityProfile, OauthClient, Origin,
    PersonalAccessToken, Schema, Severity, Source, Task, fingerprint, scramble,
};
pub(crate) use secrets::Secrets;
pub(crate) use state::FORMAT_VERSION;
pub(crate) use user_levels::RIGHT_SETS;
