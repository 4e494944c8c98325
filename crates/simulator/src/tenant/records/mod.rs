//! Records of a tenant: sources, accounts, identities, tokens and the rest of its state.
//!
//! A record knows its own fields and its form on the wire, and never the tenant around it.

mod accounts;
mod audit;
mod behavior;
mod events;
mod file_settings;
mod grants;
mod identities;
mod identity_attributes;
mod identity_profiles;
mod ids;
mod lifecycle_states;
mod machines;
mod oauth_clients;
mod row_filter;
mod schemas;
mod sources;
mod tasks;
mod tokens;
mod tracked;
mod user_levels;

pub use identities::IdentityStatus;
pub use tasks::Completion;

pub(crate) use accounts::{Account, Accounts, Origin};
pub(crate) use audit::{Audit, AuditChanges, Deed};
pub(crate) use behavior::Behavior;
pub(crate) use events::{Event, Queue, QueueChanges};
pub(crate) use file_settings::FileSettings;
pub(crate) use grants::{AuthorizationCode, RefreshToken};
pub(crate) use identities::{Identities, Identity};
pub(crate) use identity_attributes::IdentityAttribute;
pub(crate) use identity_profiles::{
    IdentityProfile, Mapping, account_mapping, add_default_mappings,
};
pub(crate) use ids::{Ids, fingerprint, scramble};
pub(crate) use lifecycle_states::LifecycleState;
pub(crate) use machines::{MachineAccount, MachineIdentity};
pub(crate) use oauth_clients::OauthClient;
pub(crate) use schemas::{
    AttributeKind, Schema, SchemaAttribute, active_directory_schema, delimited_file_schemas,
};
pub(crate) use sources::{Connector, Source};
pub(crate) use tasks::{
    About, NextTask, Severity, Task, TaskKind, TaskMessage, Work, WorkDone, counts,
};
pub(crate) use tokens::{PersonalAccessToken, Tokens};
pub(crate) use tracked::{RowChanges, Series, SeriesChanges, Table};
pub(crate) use user_levels::CustomUserLevel;
