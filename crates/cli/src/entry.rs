//! From the words on the command line to an exit code.

use crate::arguments::{Arguments, Command};
use crate::environment;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::logging;
use crate::output::Output;
use clap::Parser;
use std::process::ExitCode;

/// Runs the program.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Usage.into()
            } else {
                Exit::Done.into()
            };
        }
    };
    logging::start(
        arguments.verbose,
        environment::variable("STEERSMAN_LOG").as_deref(),
    );
    let mut output = Output::new();
    match run(arguments.command, &mut output) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            failure.report(&mut output);
            failure.exit().into()
        }
    }
}

fn run(command: Command, output: &mut Output) -> Result<Exit, Failure> {
    match command {
        Command::Validate(command) => command.run(output),
        Command::Scopes(command) => command.run(output),
        Command::Levels(command) => command.run(output),
        Command::Init(command) => command.run(output),
        Command::Schema(command) => command.run(output),
        Command::Explain(command) => Ok(command.run(output)),
        Command::Completions(command) => Ok(command.run(output)),
        Command::Plan(command) => runtime()?.block_on(command.run(output)),
        Command::Apply(command) => runtime()?.block_on(command.run(output)),
        Command::Enroll(command) => runtime()?.block_on(command.run(output)),
        Command::Status(command) => runtime()?.block_on(command.run(output)),
        Command::Adopt(command) => runtime()?.block_on(command.run(output)),
        Command::Simulator(command) => runtime()?.block_on(command.run(output)),
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::Internal {
            message: "cannot start the asynchronous runtime".to_owned(),
            source: Box::new(error),
        })
}
