//! Entry point: parses the command line, runs the command, returns the exit code.

use crate::command::{Arguments, Command};
use crate::environment;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::logging;
use crate::output::Output;
use crate::redaction::redactor;
use clap::{CommandFactory, Parser};
use std::panic::PanicHookInfo;
use std::process::ExitCode;

/// Runs the program.
pub fn main() -> ExitCode {
    // Known before anything is printed, whether or not a command uses it.
    if let Some(secret) = environment::variable("SAIL_CLIENT_SECRET") {
        redactor().learn(&secret.into());
    }
    std::panic::set_hook(Box::new(report_panic));
    let mut output = Output::new();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return report_usage(&error, &mut output).into(),
    };
    logging::start(
        arguments.verbose,
        environment::variable("STEERSMAN_LOG").as_deref(),
    );
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

/// Prints what clap says of the command line, or the help that was asked for.
fn report_usage(error: &clap::Error, output: &mut Output) -> Exit {
    let text = error.render().ansi().to_string();
    if error.use_stderr() {
        output.talk(&text);
        return Exit::Usage;
    }
    output.data(&text);
    match output.lost() {
        None => Exit::Done,
        Some(_) => Exit::Done.with_lost_result(),
    }
}

/// Prints where the program ended itself, and why. The message may repeat text of
/// a tenant, so it goes through the output like all others.
fn report_panic(panic: &PanicHookInfo<'_>) {
    // The whole message is one value: a dump or base64 in it can have several lines.
    let why = redactor().redact(panic.payload_as_str().unwrap_or("no message"));
    let place = panic
        .location()
        .map_or_else(String::new, |place| format!(" at {place}"));
    Output::new().talk(&format!("error: internal error{place}: {why}"));
}

fn run(command: Command, output: &mut Output) -> Result<Exit, Failure> {
    match command {
        Command::Validate(command) => command.run(output),
        Command::Scopes(command) => command.run(output),
        Command::Levels(command) => command.run(output),
        Command::Init(command) => command.run(output),
        Command::Fmt(command) => command.run(output),
        Command::Schema(command) => command.run(output),
        Command::Show(command) => command.run(output),
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
