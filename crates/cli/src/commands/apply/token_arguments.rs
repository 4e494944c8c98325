//! Arguments of the commands that change named tokens, and the apply that they are.

use super::Apply;
use super::purpose::Purpose;
use super::token_work::{TokenChange, TokenWork};
use crate::arguments::{
    CommandArguments, GuardArguments, JournalArgument, SelectionArguments, SpecArguments,
    TenantArguments,
};
use crate::notices::UnattendedArguments;
use crate::outputs::ReportArguments;
use clap::Args;
use planner::TokenPattern;

/// The tokens that a command changes, and how it runs.
#[derive(Debug, Args)]
pub(crate) struct TokenArguments {
    #[command(flatten)]
    spec: SpecArguments,
    #[command(flatten)]
    tenant: TenantArguments,
    #[command(flatten)]
    commands: CommandArguments,
    #[command(flatten)]
    guards: GuardArguments,
    /// Token of an account, by the account's id or name; repeatable
    ///
    /// Example: `--token audit01/monthly-report --token 'backup*/nightly'`
    ///
    /// Addresses such as token/SA-001/monthly-report and issuer/SA-001 are taken, too. `*` and `?` match any
    /// characters; of what they match, only tokens that can be changed are meant, and never
    /// issuer tokens.
    #[arg(long = "token", value_name = "ACCOUNT/TOKEN", required = true)]
    tokens: Vec<TokenPattern>,
    /// Change the tokens without asking for approval
    #[arg(long)]
    auto_approve: bool,
    #[command(flatten)]
    journal: JournalArgument,
    #[command(flatten)]
    reports: ReportArguments,
}

impl TokenArguments {
    /// The apply that changes these tokens, and nothing else.
    pub(crate) fn changing(self, change: TokenChange) -> Apply {
        let Self {
            spec,
            tenant,
            commands,
            guards,
            tokens,
            auto_approve,
            journal,
            reports,
        } = self;
        Apply {
            purpose: Purpose::Tokens(TokenWork::new(tokens, change)),
            spec,
            tenant,
            commands,
            guards,
            selection: SelectionArguments::default(),
            saved: None,
            plan_digest: None,
            auto_approve,
            require_complete: false,
            wait: Apply::WAIT,
            parallelism: None,
            journal,
            reports,
            unattended: UnattendedArguments::default(),
        }
    }
}
