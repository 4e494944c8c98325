//! Taking over what is there, and carrying renames.

mod refused;
mod renamed;
mod taken_over;
mod team;
