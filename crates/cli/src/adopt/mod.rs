//! From a live source to the files of a spec whose plan is empty.
//!
//! What is there is taken piece by piece: an attribute, a mapping, a token. Each
//! piece goes to the [`bench`], where it is written as YAML, read back by the
//! `spec` crate and planned; it is declared only if it comes back as it was
//! meant, without an error, and planning it changes nothing. So the rules of the
//! language and of the planner stand in one place each, and what cannot be
//! declared is left out with their reason.
//!
//! Everything here is a pure function of what was read.

mod account;
mod adopted;
mod bench;
mod comment;
mod error;
mod files;
mod lifetime;
mod source;
mod tokens;
mod written;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tenants;

pub(crate) use adopted::{Adopted, Which, adopt};
pub(crate) use error::AdoptError;
pub(crate) use files::{AdoptedFile, Layout, MAIN};
