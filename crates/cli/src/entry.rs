//! Entry point: parses the command line, runs the command, returns the exit code.

use crate::command::{Arguments, Command};
use crate::environment;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::logging;
use crate::output::Output;
use crate::redaction::redactor;
use clap::{CommandFactory, Parser};
use std::io::ErrorKind;
use std::process::ExitCode;

/// Runs the program.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let printed = error.print();
            let exit = match printed {
                _ if error.use_stderr() => Exit::Usage,
                Err(lost) if lost.kind() != ErrorKind::BrokenPipe => Exit::Done.with_lost_result(),
                Ok(()) | Err(_) => Exit::Done,
            };
            return exit.into();
        }
    };
    logging::start(
        arguments.verbose,
        environment::variable("STEERSMAN_LOG").as_deref(),
    );
    // Known before anything is printed, whether or not a command uses it.
    if let Some(secret) = environment::variable("SAIL_CLIENT_SECRET") {
        redactor().learn(&secret.into());
    }
    let mut output = Output::new();
    let exit = run(arguments.command, &mut output).unwrap_or_else(|failure| {
        failure.report(&mut output);
        failure.exit()
    });
    match output.lost() {
        None => exit,
        Some(error) => {
            Failure::Output(error).report(&mut output);
            exit.with_lost_result()
        }
    }
    .into()
}

fn run(command: Command, output: &mut Output) -> Result<Exit, Failure> {
    match command {
        Command::Validate(command) => command.run(output),
        Command::Scopes(command) => command.run(output),
        Command::Levels(command) => command.run(output),
        Command::Init(command) => command.run(output),
        Command::Fmt(command) => command.run(output),
        Command::Schema(command) => command.run(output),
        Command::Explain(command) => Ok(command.run(output)),
        Command::Completions(command) => Ok(command.run(Arguments::command(), output)),
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
