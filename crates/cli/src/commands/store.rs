//! `steersman store`: what the declared stores can do and hold.

mod check;
mod report;

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use check::Check;
use clap::{Args, Subcommand};

/// Check the declared stores and what they hold
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
}

impl Store {
    pub(crate) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        match &self.question {
            Question::Check(check) => Box::pin(check.run(output)).await,
        }
    }
}
