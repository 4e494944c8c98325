//! Shapes of bodies and of objects, from SailPoint's description: what is refused by its type.
//!
//! The facts are in `facts.txt`; `cargo run -p simulator --example refresh-shapes --
//! DESCRIPTION.json` writes it. Handlers decide what a value means; its type is decided here, for
//! all operations alike.

mod known;
mod read;
mod shape;

pub(crate) use known::{check_body, check_query, patched_by};
pub(crate) use shape::{Place, Shape};
