//! Folders of stores on disk: how the caller says where they really are.

/// Says where folders really are, in the order in which they are asked for: without links
/// and relative parts. This crate does not look at files by itself.
pub type RealFolders = fn(&[&str]) -> Vec<String>;
