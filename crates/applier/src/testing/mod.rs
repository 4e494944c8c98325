//! Test support: fixtures, and the long test modules of stores and journal.
//!
//! A test module that needs private items is a child of the module that it tests,
//! which includes its file from this folder by `#[path]`.

pub(crate) mod documents;
