//! `steersman simulator`: serves a simulated tenant, or changes one in its file.

mod account;
mod clock;
mod levels;
mod person;
mod ready;
mod seed_file;
mod serve;
mod state;
mod state_argument;
mod token;

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use clap::{Args, Subcommand};

/// Serve a simulated tenant, or change one as people would
///
/// Example: `steersman simulator --state tenant.json`
///
/// Without a subcommand, it serves until Ctrl-C, and prints the 3 variables that
/// steersman, SailPoint's CLI and its SDKs need to connect.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Simulator {
    #[command(flatten)]
    serve: serve::Serve,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(subcommand)]
    Person(person::Person),
    #[command(subcommand)]
    Account(account::Account),
    #[command(subcommand)]
    Levels(levels::Levels),
    #[command(subcommand)]
    Token(token::Token),
    #[command(subcommand)]
    Clock(clock::Clock),
    #[command(subcommand)]
    State(state::State),
    Ready(ready::Ready),
}

impl Simulator {
    pub(crate) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        match &self.command {
            None => self.serve.run(output).await,
            Some(Command::Person(command)) => command.run(output).await,
            Some(Command::Account(command)) => command.run(output).await,
            Some(Command::Levels(command)) => command.run(output).await,
            Some(Command::Token(command)) => command.run(output).await,
            Some(Command::Clock(command)) => command.run(output).await,
            Some(Command::State(command)) => command.run(output).await,
            Some(Command::Ready(command)) => command.run(output).await,
        }
    }
}
