//! Raw types: one for each mapping of the spec format, with the span of every value.
//!
//! How keys depend on each other is not checked here.
//!
//! The JSON Schema is made from these types; their docs are what an editor
//! shows.

mod account;
mod account_profile;
mod defaults;
mod document;
mod duration;
mod example;
mod issuer;
mod notify;
mod number;
mod policy;
mod ready_made;
mod rotation;
mod source;
mod store;
mod token;
mod value_schema;
mod variables;
mod window;

pub(crate) use account::{RawAccount, RawAccounts, RawPreviously};
pub(crate) use account_profile::RawAccountProfile;
pub(crate) use defaults::{RawDefaults, RawTokenDefaults};
pub(crate) use document::{RawDocument, RawTenant, Version};
pub(crate) use duration::{Duration, Lifetime, RotationOff};
pub(crate) use issuer::RawIssuer;
pub(crate) use notify::{RawNoticeEvent, RawReceiver};
pub(crate) use number::Share;
pub(crate) use policy::{RawPolicy, RawUnmanagedTokens};
pub(crate) use ready_made::{
    RawAws, RawAzure, RawGcloud, RawGithub, RawKubernetes, RawOnePassword, RawReadyMade, RawVault,
};
pub(crate) use rotation::{Count, RawOverlap, RawOverlapRange, RawRotate, RawRotation};
pub(crate) use source::{RawAttribute, RawProfile, RawSource, RawUnmanaged};
pub(crate) use store::{
    RawAge, RawCommand, RawDelivery, RawEnvironment, RawField, RawFormat, RawNotFound, RawPlace,
    RawStore, RawStoreKind,
};
pub(crate) use token::RawToken;
pub(crate) use variables::RawVariables;
