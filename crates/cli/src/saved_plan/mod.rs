//! Files of saved plans: reading, writing, and marking them as used.

mod approval;
mod file;
mod used;

pub(crate) use approval::Approval;
pub(crate) use file::write;
