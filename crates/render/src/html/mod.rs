//! A plan as one page that a browser opens without network.

mod item;
mod page;

pub use page::render;
