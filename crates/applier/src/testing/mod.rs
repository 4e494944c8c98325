//! Test support: fixtures, the long test modules of stores and journal, fuzz targets.
//!
//! A test module that needs private items is a child of the module that it tests,
//! which includes its file from this folder by `#[path]`.

#[cfg(test)]
mod csv_properties;
mod csv_reader;
#[cfg(test)]
pub(crate) mod documents;
#[cfg(test)]
mod fuzz;
mod fuzz_rows;
#[cfg(test)]
mod several_values;

pub use crate::journal::fuzzing::journal;
pub use fuzz_rows::rows;
