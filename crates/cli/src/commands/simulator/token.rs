//! `simulator token`: revokes tokens outside steersman, to test drift.

use super::state_argument::StateArgument;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use clap::{Args, Subcommand};

/// Change personal access tokens as their owner would, outside steersman
#[derive(Debug, Subcommand)]
pub(super) enum Token {
    Revoke(Revoke),
}

/// Revoke a personal access token
#[derive(Debug, Args)]
pub(super) struct Revoke {
    /// Client ID of the token
    id: String,
    #[command(flatten)]
    state: StateArgument,
}

impl Token {
    pub(super) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let Self::Revoke(Revoke { id, state }) = self;
        state
            .change(|tenant| tenant.revoke_token_out_of_band(id))
            .await?;
        output.data(&format!("token {id} is revoked"));
        Ok(Exit::Done)
    }
}
