//! `steersman validate`.

use crate::arguments::SpecArguments;
use crate::assessment;
use crate::diagnostics;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::render::style::counted;
use clap::Args;
use std::collections::BTreeMap;

/// Check the files; needs no tenant and no credentials
#[derive(Debug, Args)]
pub(crate) struct Validate {
    #[command(flatten)]
    spec: SpecArguments,
}

impl Validate {
    pub(crate) fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let loaded = assessment::load(&self.spec)?;
        if !loaded.diagnostics.is_empty() {
            output.talk(&diagnostics::terminal::render(
                &loaded,
                output.talk_in_colour(),
            ));
        }
        let Some(spec) = &loaded.spec else {
            return Err(Failure::Spec(diagnostics::count::summary(
                &loaded.diagnostics,
            )));
        };
        let tokens: usize = spec
            .accounts
            .values()
            .filter_map(|account| account.tokens.as_ref())
            .map(BTreeMap::len)
            .sum();
        let warnings = match loaded.diagnostics.len() {
            0 => String::new(),
            count => format!("; {}", counted(count, "warning")),
        };
        output.data(&format!(
            "valid: {}, {}, {}{warnings}",
            counted(spec.sources.len(), "source"),
            counted(spec.accounts.len(), "service account"),
            counted(tokens, "token"),
        ));
        Ok(Exit::Done)
    }
}
