//! Lowers service accounts: identity, source, uniqueness, tokens.

mod identity;
mod lowering;
mod places;
mod source;
mod unique;

pub(super) use lowering::{Inputs, lower};
