//! Token steps: mint, replace, roll back, change, disable and revoke.

pub(super) mod change;
mod delivery;
pub(super) mod disable;
mod entry;
mod issuer;
pub(super) mod mint;
pub(super) mod replace;
pub(super) mod roll_back;
mod verify;

pub(super) use mint::check_slot;
pub(crate) use verify::all as verify_all;
