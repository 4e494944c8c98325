//! User levels, changed behind steersman's back.

use super::StateArgument;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use clap::{Args, Subcommand};

/// Change user levels by hand, as another administrator might
#[derive(Debug, Subcommand)]
pub(super) enum Levels {
    Set(Set),
}

/// Make the user levels of an identity exactly these
#[derive(Debug, Args)]
pub(super) struct Set {
    /// The account's name
    name: String,
    /// All levels that it holds afterwards; none takes all away
    levels: Vec<String>,
    #[command(flatten)]
    state: StateArgument,
}

impl Levels {
    pub(super) fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let Self::Set(Set {
            name,
            levels,
            state,
        }) = self;
        state.change(|tenant| tenant.set_levels_out_of_band(name, levels.clone()))?;
        let list = if levels.is_empty() {
            "no user level".to_owned()
        } else {
            levels.join(", ")
        };
        output.data(&format!("{name} now holds {list}"));
        Ok(Exit::Done)
    }
}
