//! `simulator levels`: changes user levels outside steersman, to test drift.

use super::state_argument::StateArgument;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use clap::{Args, Subcommand};

/// Change user levels as an ISC admin would, outside steersman
#[derive(Debug, Subcommand)]
pub(super) enum Levels {
    Set(Set),
}

/// Set the user levels of an identity
///
/// Example: `steersman simulator levels set audit01 HELPDESK --state tenant.json`
#[derive(Debug, Args)]
pub(super) struct Set {
    /// Name of the account
    name: String,
    /// Levels that the identity holds afterwards; default: none
    levels: Vec<String>,
    #[command(flatten)]
    state: StateArgument,
}

impl Levels {
    pub(super) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let Self::Set(Set {
            name,
            levels,
            state,
        }) = self;
        state
            .change(|tenant| tenant.set_levels_out_of_band(name, levels.clone()))
            .await?;
        let list = if levels.is_empty() {
            "no user level".to_owned()
        } else {
            levels.join(", ")
        };
        output.data(&format!("{name} now holds {list}"));
        Ok(Exit::Done)
    }
}
