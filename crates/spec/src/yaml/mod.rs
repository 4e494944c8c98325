//! A YAML text as a tree that knows where each of its values stands.
//!
//! The tree is built from the parser's events and not through serde, because
//! serde stops at the first problem of a document, and a person wants to see
//! all of them. What specs do not need is refused here, with its place:
//! anchors, aliases, merge keys, tags, several documents, duplicate keys.

mod builder;
mod node;
mod reader;

pub(crate) use node::{Key, Node, Origin, Value};
pub(crate) use reader::{beginning, read};
