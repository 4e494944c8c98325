//! `steersman token rotate`: replaces named declared tokens, or issuer tokens, now.

use crate::commands::apply::{TokenArguments, TokenChange};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::output::Output;
use clap::Args;

/// Replace named declared tokens, or issuer tokens, by new ones now
///
/// Example: `steersman token rotate accounts --token audit01/monthly-report`
///
/// The new token gets the name and is delivered; the old one is kept for the declared
/// overlap, and a later apply revokes it. The issuer token of an account is replaced under
/// its address, such as `--token issuer/SA-001`; the one before it is revoked at once.
#[derive(Debug, Args)]
pub(super) struct Rotate {
    #[command(flatten)]
    tokens: TokenArguments,
}

impl Rotate {
    pub(super) async fn run(
        self,
        interrupts: &Interrupts,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        let Self { tokens } = self;
        let change = TokenChange::Rotate;
        tokens.changing(change).run(interrupts, output).await
    }
}
