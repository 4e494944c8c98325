//! Lowers tokens and their defaults.

mod calls;
mod defaults;
mod issuer;
mod lowering;
mod permissions;
mod permitted;
mod values;

pub(super) use defaults::Defaults;
pub(super) use lowering::{Owner, lower};
