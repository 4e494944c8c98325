//! Lowers tokens and their defaults.

mod calls;
mod defaults;
mod lowering;
mod permissions;
mod values;

pub(super) use defaults::{Defaults, issuer};
pub(super) use lowering::{Owner, lower};
