//! The plan as a document for machines, and for approving it before it runs.

pub(crate) mod plan;
pub(crate) mod saved;
