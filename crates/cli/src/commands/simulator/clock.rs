//! `simulator clock`: reads and moves the simulated clock.

use super::state_argument::StateArgument;
use crate::arguments::duration;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use clap::{Args, Subcommand};
use jiff::SignedDuration;

/// Print or advance the clock of the simulated tenant
#[derive(Debug, Subcommand)]
pub(super) enum Clock {
    Now(Now),
    Advance(Advance),
}

/// Print the time of the simulated tenant
#[derive(Debug, Args)]
pub(super) struct Now {
    #[command(flatten)]
    state: StateArgument,
}

/// Advance the clock, and run what becomes due
///
/// Example: `steersman simulator clock advance 8d --state tenant.json`
#[derive(Debug, Args)]
pub(super) struct Advance {
    /// Duration with its unit, for example 90m, 26h or 8d
    #[arg(value_parser = duration)]
    by: SignedDuration,
    #[command(flatten)]
    state: StateArgument,
}

impl Clock {
    pub(super) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let now = match self {
            Self::Now(Now { state }) => state.change(|tenant| Ok(tenant.now())).await?,
            Self::Advance(Advance { by, state }) => {
                state
                    .change(|tenant| {
                        tenant.advance_by(*by);
                        Ok(tenant.now())
                    })
                    .await?
            }
        };
        output.data(&format!("{now:.0}"));
        Ok(Exit::Done)
    }
}
