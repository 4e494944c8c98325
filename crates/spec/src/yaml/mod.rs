//! Parses YAML into a tree with the span of each value.
//!
//! The tree is built from the parser's events and not through serde, because
//! serde stops at the first problem of a document, and steersman reports all of
//! them. What specs do not need is rejected here, with its place:
//! anchors, aliases, merge keys, tags, several documents, duplicate keys.

mod builder;
mod node;
mod reader;
mod shared_values;

pub(crate) use builder::{Items, Values};
pub(crate) use node::{Entry, Key, Node, Origin, Value};
pub use reader::MOST_BYTES;
pub(crate) use reader::{beginning, read, read_items};
