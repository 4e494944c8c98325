//! Answers from the catalog, as text or JSON: what `scopes` and `levels` share.

mod format;
mod operation;

pub(crate) use format::{Format, did_you_mean, json, table};
pub(crate) use operation::{OperationNote, ShownOperation, operations_text};
