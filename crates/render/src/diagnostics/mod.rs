//! Diagnostics of a spec and of the tenant: text, JSON, SARIF and GitHub annotations.

mod document;
mod excerpt;
mod explain;
mod github;
mod sarif;
mod terminal;

pub use document::{Diagnostics, Format};
pub use explain::explain;
pub use github::Annotation;
