//! `steersman token rollback`: undoes the last rotation of named tokens.

use crate::commands::apply::{TokenArguments, TokenChange};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::output::Output;
use clap::Args;

/// Undo the last rotation of named tokens, while its overlap lasts
///
/// Example: `steersman token rollback accounts --token audit01/monthly-report`
///
/// The token before gets its name back, and its secret is delivered again. The newer token
/// is kept for the declared overlap, and a later apply revokes it. Until then the token is
/// not rotated again, unless you ask for it. It works where the secret is delivered as a
/// JSON document: that keeps the secret before, until its token is revoked.
#[derive(Debug, Args)]
pub(super) struct Rollback {
    #[command(flatten)]
    tokens: TokenArguments,
}

impl Rollback {
    pub(super) async fn run(
        self,
        interrupts: &Interrupts,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        let Self { tokens } = self;
        let change = TokenChange::RollBack;
        tokens.changing(change).run(interrupts, output).await
    }
}
