//! Plan output: standard output and files, in several formats at once.

mod arguments;
mod target;

pub(crate) use arguments::{OutputArguments, Shown};
