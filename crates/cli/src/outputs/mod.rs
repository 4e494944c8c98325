//! Plan output: standard output and files, in several formats at once.

mod arguments;
mod reports;
mod target;
mod targets;

pub(crate) use arguments::{OutputArguments, Shown};
pub(crate) use reports::ReportArguments;
pub(crate) use targets::{ReportKind, ReportTargets};
