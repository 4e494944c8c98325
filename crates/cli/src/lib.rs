//! The `steersman` command line: arguments, commands, I/O and exit codes.
//!
//! The other crates hold the logic. This crate connects them, reads and writes
//! files, and prints.

mod answers;
mod arguments;
mod assessment;
mod caller_notes;
mod coloring;
mod command;
mod commands;
mod confirmation;
mod credentials;
mod enroll_refusal;
mod entry;
mod environment;
mod event_file;
mod exit_code;
mod failure;
mod git_commit;
mod hints;
mod interrupts;
mod journals;
mod loading;
mod logging;
mod meant_commands;
mod meant_flags;
mod meter;
mod network_help;
mod next_command;
mod not_read;
mod notices;
mod output;
mod outputs;
mod plan_redaction;
mod problem_report;
mod progress;
mod record_lock;
mod records;
mod redaction;
mod rendered;
mod run_log;
mod saved_plan;
mod selection_report;
mod session;
mod simulated;
mod spec_files;
mod store_exposure;
mod store_folders;
mod stores;
mod terminal_size;
mod whole_file;

#[cfg(test)]
mod testing;

pub use entry::main;
