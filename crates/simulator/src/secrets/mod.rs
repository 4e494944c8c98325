//! Secrets in what is recorded: known by the names of their fields, and by their values.

mod encoded;
mod escapes;
mod known;
mod names;

pub(crate) use known::{Known, MASKED, masked};
pub(crate) use names::{is_secret, is_secret_parameter};
