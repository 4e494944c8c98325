//! What each code means, why it matters, and what wrong and right look like:
//! for `steersman explain` and for `docs/diagnostics.md`.

mod accounts;
mod explanation;
mod levels;
mod markdown;
mod names;
mod policy;
mod reading;
mod secrets;
mod shape;
mod tenant;
mod variables;

pub use explanation::{Example, Explanation, explanations};
pub use markdown::diagnostics_markdown;
