//! Operations of ISC's REST API, one file for each collection.
//!
//! A file holds the JSON types of its collection, which are private, and the
//! requests that steersman sends.

pub(crate) mod accounts;
pub(crate) mod aggregations;
mod attribute_reads;
pub(crate) mod auth_users;
pub(crate) mod custom_user_levels;
pub(crate) mod events;
mod file_settings;
pub(crate) mod identities;
pub(crate) mod identity_profiles;
pub(crate) mod personal_access_tokens;
mod reference;
pub(crate) mod schemas;
pub(crate) mod similar_owners;
pub(crate) mod sources;
pub(crate) mod task_status;
pub(crate) mod user_levels;
