//! Explanations of all codes, for `steersman explain` and `docs/diagnostics.md`.

mod accounts;
mod duplicates;
mod explanation;
mod index;
mod levels;
mod markdown;
mod policy;
mod reading;
mod references;
mod secrets;
mod shape;
mod stores;
mod tenant;
mod variables;

pub use explanation::{Example, Explanation};
pub use index::explanations;
pub use markdown::diagnostics_markdown;
