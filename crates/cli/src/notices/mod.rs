//! `--notify`, `notify:` and `--metrics`: what a run that nobody watches reports.

mod address;
mod arguments;
mod deliver;
mod metrics_file;
mod run;
mod sender;
mod signature;
mod unloaded;

pub(crate) use arguments::UnattendedArguments;
pub(crate) use run::{Reported, Unattended, Watched};
pub(crate) use unloaded::unloaded;
