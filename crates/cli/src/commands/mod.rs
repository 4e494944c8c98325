//! Commands, one file each: arguments and the run.

pub(crate) mod adopt;
pub(crate) mod apply;
pub(crate) mod completions;
pub(crate) mod doctor;
pub(crate) mod drift;
pub(crate) mod enroll;
pub(crate) mod explain;
pub(crate) mod fmt;
pub(crate) mod init;
pub(crate) mod levels;
pub(crate) mod man;
pub(crate) mod plan;
pub(crate) mod report;
pub(crate) mod schema;
pub(crate) mod scopes;
pub(crate) mod show;
pub(crate) mod simulator;
pub(crate) mod status;
pub(crate) mod store;
pub(crate) mod token;
pub(crate) mod validate;
pub(crate) mod watch;
