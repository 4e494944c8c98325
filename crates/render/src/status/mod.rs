//! Status of the declared accounts: stages, groups by next action, expiring tokens.

mod document;
mod report;
mod text;

pub use document::StatusDocument;
pub use report::{Expiring, Report};
pub use text::status_text;
