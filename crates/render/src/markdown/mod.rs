//! A plan for a pull request.

mod blocks;
mod cut;
mod escape;
mod plan;

pub use plan::render;
