//! `steersman token`: the tokens of the managed accounts.

mod check;
mod list;
mod rollback;
mod rotate;
mod stop;

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::output::Output;
use clap::{Args, Subcommand};

/// List, replace and stop the tokens of the managed accounts
///
/// Example: `steersman token list accounts --expiring-within 30d`
#[derive(Debug, Args)]
pub(crate) struct Token {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    List(list::List),
    Rotate(rotate::Rotate),
    Rollback(rollback::Rollback),
    Revoke(stop::Revoke),
    Disable(stop::Disable),
}

impl Token {
    pub(crate) async fn run(
        self,
        interrupts: &Interrupts,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        match self.action {
            Action::List(command) => command.run(output).await,
            Action::Rollback(command) => command.run(interrupts, output).await,
            Action::Rotate(command) => command.run(interrupts, output).await,
            Action::Revoke(command) => command.run(interrupts, output).await,
            Action::Disable(command) => command.run(interrupts, output).await,
        }
    }
}
