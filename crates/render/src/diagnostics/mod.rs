//! Diagnostics of a spec and of the tenant: text, JSON, SARIF, GitHub, GitLab and `JUnit`.

mod beyond;
mod document;
mod excerpt;
mod explain;
mod github;
mod gitlab;
mod identity;
mod junit;
mod sarif;
mod tenant;
mod terminal;

pub use document::{Diagnostics, Format};
pub use explain::explain;
pub use github::Annotation;
