//! Classifiers: pure functions from a declared and an observed value to an enum of outcomes.
//!
//! Every outcome is a variant: matches, each difference, each reason why nothing
//! can be done now, and what could not be read. The phases map outcomes to
//! steps. Structs are taken apart without `..`, so that a new field cannot be
//! forgotten; `tests/tests/architecture/comparisons.rs` names the functions.

pub(crate) mod account;
pub(crate) mod delivery;
pub(crate) mod earlier;
pub(crate) mod handover;
pub(crate) mod identity;
pub(crate) mod invitation;
pub(crate) mod issuer;
pub(crate) mod issuer_renewal;
pub(crate) mod levels;
pub(crate) mod owner;
pub(crate) mod profile;
pub(crate) mod schema;
pub(crate) mod source;
pub(crate) mod token;
pub(crate) mod undeclared_token;
