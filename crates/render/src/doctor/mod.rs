//! The answer of `doctor`: checks, and the least access that a spec needs.

mod access;
mod document;
mod text;

pub use access::{AccessDocument, CallDocument, HelpfulDocument, NeedsDocument};
pub use document::{Check, CheckName, CheckState, DoctorDocument, Purpose};
pub use text::{access_text, doctor_text};
