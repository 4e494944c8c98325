//! HTML renderer: a plan as one page that works without network.

mod item;
mod page;

pub use page::render;
pub(crate) use page::{STYLE, policy};
