//! `steersman token revoke` and `token disable`: stop named tokens.

use crate::commands::apply::{TokenArguments, TokenChange};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::output::Output;
use clap::Args;
use planner::Stop;

/// Revoke named tokens of managed accounts at once
///
/// Example: `steersman token revoke accounts --token audit01/by-hand`
///
/// A declared token is revoked with --replace only: it is then created again in the same
/// run, without an overlap. The token that steersman runs as, and tokens that SailPoint
/// manages, are never revoked.
#[derive(Debug, Args)]
pub(super) struct Revoke {
    #[command(flatten)]
    tokens: TokenArguments,
    /// Also revoke declared tokens, and create them again at once
    #[arg(long)]
    replace: bool,
}

/// Let named tokens end a minute later, for a leaked secret
///
/// Example: `steersman token disable accounts --token audit01/monthly-report`
///
/// As the owner, with the account's issuer token; without one as an ISC admin, by the bulk
/// update of tokens, which not every tenant has. The next apply replaces a declared token
/// with a new one, and does not extend it again.
#[derive(Debug, Args)]
pub(super) struct Disable {
    #[command(flatten)]
    tokens: TokenArguments,
}

impl Revoke {
    pub(super) async fn run(
        self,
        interrupts: &Interrupts,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        let Self { tokens, replace } = self;
        let change = TokenChange::Stop(Stop::Revoke { declared: replace });
        tokens.changing(change).run(interrupts, output).await
    }
}

impl Disable {
    pub(super) async fn run(
        self,
        interrupts: &Interrupts,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        let Self { tokens } = self;
        let change = TokenChange::Stop(Stop::Disable);
        tokens.changing(change).run(interrupts, output).await
    }
}
