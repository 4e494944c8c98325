//! `simulator state`: prints the whole simulated tenant.

use super::state_argument::StateArgument;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use clap::{Args, Subcommand};

/// Print the state of the simulated tenant
#[derive(Debug, Subcommand)]
pub(super) enum State {
    Dump(Dump),
}

/// Print the whole state as JSON, secrets included
///
/// Example: `steersman simulator state dump --state tenant.json`
#[derive(Debug, Args)]
pub(super) struct Dump {
    #[command(flatten)]
    state: StateArgument,
}

impl State {
    pub(super) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let Self::Dump(Dump { state }) = self;
        let text = state.change(|tenant| Ok(render::json_text(tenant))).await?;
        let text = text.map_err(|error| Failure::Internal {
            message: "cannot write the state".to_owned(),
            source: Box::new(error),
        })?;
        output.data(&text);
        Ok(Exit::Done)
    }
}
