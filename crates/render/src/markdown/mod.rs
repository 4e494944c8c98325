//! Markdown renderer: a plan as a comment on a pull request.

mod blocks;
mod cut;
mod escape;
mod plan;

pub(crate) use escape::{code, prose};
pub use plan::render;
