//! Entry point: parses the command line, runs the command, returns the exit code.

use crate::arguments::withhold_value;
use crate::coloring::Coloring;
use crate::command::{Arguments, Command};
use crate::environment;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::interrupts::{self, Interrupts};
use crate::logging;
use crate::output::Output;
use crate::redaction::redactor;
use crate::{meant_commands, meant_flags};
use clap::{CommandFactory, Parser};
use std::panic::PanicHookInfo;
use std::process::ExitCode;
use std::thread::JoinHandle;

/// Runs the program.
pub fn main() -> ExitCode {
    // Known before anything is printed, whether or not a command uses it.
    if let Some(secret) = environment::variable("SAIL_CLIENT_SECRET") {
        redactor().learn(&secret.into());
    }
    std::panic::set_hook(Box::new(report_panic));
    let words: Vec<String> = std::env::args_os()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    Coloring::asked(words.iter().cloned()).apply();
    let mut output = Output::new();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(mut error) => {
            meant_flags::suggest(&mut error, &Arguments::command(), &words);
            meant_commands::suggest(&mut error);
            withhold_value(&mut error);
            return report_usage(&error, &mut output).into();
        }
    };
    arguments.color.apply();
    logging::start(
        arguments.verbose,
        environment::variable("STEERSMAN_LOG").as_deref(),
    );
    drop(output);
    in_a_large_stack(arguments.command)
}

/// Runs the command in the main thread: there the allocator of glibc takes memory from the
/// system in large parts, and in any other page by page, which costs a twentieth of the time
/// of reading ten thousand accounts. On Windows the main thread has too small a stack.
fn in_a_large_stack(command: Command) -> ExitCode {
    /// As a panic in the main thread has it.
    const PANICKED: u8 = 101;
    /// As large as that of a main thread elsewhere.
    const STACK: usize = 8 << 20;
    let interrupts = Interrupts::default();
    if !cfg!(windows) {
        return execute(command, &interrupts).into();
    }
    let thread = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || execute(command, &interrupts));
    match thread.map(JoinHandle::join) {
        Ok(Ok(exit)) => exit.into(),
        // The hook reported it.
        Ok(Err(_)) => ExitCode::from(PANICKED),
        Err(error) => {
            let failure = Failure::Internal {
                message: "cannot start the command".to_owned(),
                source: Box::new(error),
            };
            failure.report(&mut Output::new());
            failure.exit().into()
        }
    }
}

fn execute(command: Command, interrupts: &Interrupts) -> Exit {
    let mut output = Output::new();
    let exit = run(command, interrupts, &mut output).unwrap_or_else(|failure| {
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
}

/// Prints what clap says of the command line, or the help that was asked for.
fn report_usage(error: &clap::Error, output: &mut Output) -> Exit {
    let text = error.render().ansi().to_string();
    if error.use_stderr() {
        output.talk_laid_out(&text);
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

fn run(command: Command, interrupts: &Interrupts, output: &mut Output) -> Result<Exit, Failure> {
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
        Command::Man(command) => command.run(Arguments::command(), output),
        Command::Plan(command) => interruptible(interrupts, command.run(output)),
        Command::Apply(command) => interruptible(interrupts, command.run(interrupts, output)),
        Command::Enroll(command) => interruptible(interrupts, command.run(interrupts, output)),
        Command::Token(command) => interruptible(interrupts, command.run(interrupts, output)),
        Command::Drift(command) => interruptible(interrupts, command.run(output)),
        Command::Watch(command) => interruptible(interrupts, command.run(interrupts, output)),
        Command::Status(command) => interruptible(interrupts, command.run(output)),
        Command::Store(command) => interruptible(interrupts, command.run(output)),
        Command::Report(command) => interruptible(interrupts, command.run(output)),
        Command::Doctor(command) => interruptible(interrupts, command.run(output)),
        Command::Adopt(command) => interruptible(interrupts, command.run(output)),
        Command::Simulator(command) => runtime()?.block_on(command.run(output)),
    }
}

/// Runs a command until it has ended, or a signal ends it. Then everything that it has
/// open is dropped: temporary files are removed and programs are ended.
fn interruptible(
    interrupts: &Interrupts,
    command: impl Future<Output = Result<Exit, Failure>>,
) -> Result<Exit, Failure> {
    interrupts
        .clone()
        .listen()
        .map_err(|error| Failure::Internal {
            message: "cannot listen for signals".to_owned(),
            source: Box::new(error),
        })?;
    let runtime = runtime()?;
    let result = runtime.block_on(async {
        tokio::select! {
            biased;
            result = command => result,
            signal = interrupts.stopped() => Ok(interrupts.exit(signal)),
        }
    });
    runtime.shutdown_timeout(interrupts::GRACE);
    result
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
