//! The `steersman` command: arguments, one file for each command, renderers,
//! exit codes. What it does lies in the other crates; here it is put together
//! and shown to a person.

mod adopt;
mod arguments;
mod assessment;
mod commands;
mod confirmation;
mod entry;
mod environment;
mod exit_code;
mod failure;
mod logging;
mod output;
mod outputs;
mod problem_report;
mod progress;
mod rendered;
mod saved_plan;
mod selection_report;
mod simulated;
mod spec_files;
mod tenant;
mod terminal_size;
mod whole_file;

pub use entry::main;
