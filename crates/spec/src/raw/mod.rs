//! The files as they are written: one type for each mapping of the language,
//! with the place of every value. What the keys mean for each other is not
//! checked here.
//!
//! The JSON Schema is made from these types; their documentation is what an
//! editor shows.

mod account;
mod defaults;
mod document;
mod duration;
mod example;
mod number;
mod policy;
mod source;
mod store;
mod token;
mod value_schema;

pub(crate) use account::{RawAccount, RawPreviously};
pub(crate) use defaults::{RawDefaults, RawTokenDefaults};
pub(crate) use document::{RawDocument, RawTenant, Version};
pub(crate) use duration::{Duration, Lifetime, RotationOff};
pub(crate) use number::Share;
pub(crate) use policy::{RawPolicy, RawUnmanagedTokens};
pub(crate) use source::{RawAttribute, RawProfile, RawSource, RawUnmanaged};
pub(crate) use store::{RawPlace, RawStore, RawStoreKind};
pub(crate) use token::{RawRotate, RawRotation, RawToken};
