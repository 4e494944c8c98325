//! One file for each kind of step.

mod dispatch;
mod import;
mod invitation;
mod levels;
mod mint;
mod processing;
mod profile;
mod replace;
mod schema;
mod source;
mod token_change;

pub(crate) use dispatch::unit;
