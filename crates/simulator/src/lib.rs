//! A stateful Identity Security Cloud tenant on loopback.

pub mod collection;
pub mod filter;
