//! `steersman store`: what the declared stores can do and hold, and moving issuer tokens.

mod check;
mod moved;
mod moving;
mod report;

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use check::Check;
use clap::{Args, Subcommand};
use moving::Move;

/// Check the declared stores and what they hold; move issuer tokens
///
/// Example: `steersman store check accounts`
#[derive(Debug, Args)]
pub(crate) struct Store {
    #[command(subcommand)]
    question: Question,
}

#[derive(Debug, Subcommand)]
enum Question {
    Check(Check),
    Move(Move),
}

impl Store {
    pub(crate) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        match &self.question {
            Question::Check(check) => Box::pin(check.run(output)).await,
            Question::Move(moving) => Box::pin(moving.run(output)).await,
        }
    }
}
