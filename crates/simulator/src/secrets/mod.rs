//! Secrets in what is recorded: known by the names of their fields, and by their values.

mod encoded;
mod escapes;
mod known;
mod masked;
mod names;

pub(crate) use known::Known;
pub(crate) use masked::{MASKED, masked};
pub(crate) use names::{is_secret, is_secret_parameter};
