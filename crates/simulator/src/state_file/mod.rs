//! State file: saves and loads a tenant, one process at a time.
//!
//! The file is replaced as a whole, and changes since then are in a log beside it (`FILE.log`), which
//! is appended to before a change is answered. A log that has grown as large as its file is moved
//! aside and written into it. Reading starts with the file and goes on with the logs, so a process
//! that is killed at any point loses nothing that it wrote.
//!
//! The files are readable by their owner only, since they have the secrets of personal access
//! tokens in them, as they are. A lock beside them keeps two processes from using them at once; the
//! lock belongs to the process, so one that died holds none.

mod edit;
mod log;
mod place;
mod saved;
mod store;
#[cfg(test)]
mod tests;

pub use edit::with_state_file;

pub(crate) use place::is_one_of;
pub(crate) use saved::{Loaded, StateFile};
pub(crate) use store::Store;
