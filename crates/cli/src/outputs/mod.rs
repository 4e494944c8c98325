//! A plan in files, in several formats at once.

mod arguments;
mod file;
mod target;

pub(crate) use arguments::OutputArguments;
