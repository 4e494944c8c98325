//! `steersman validate`.

use crate::arguments::{SpecArguments, allowed_code};
use crate::diagnostics;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::loading::{self, Checks};
use crate::output::Output;
use crate::render::style::counted;
use clap::{Args, ValueEnum};
use spec::{Code, Loaded};
use std::collections::BTreeMap;

/// Check the files; needs no tenant and no credentials
#[derive(Debug, Args)]
pub(crate) struct Validate {
    #[command(flatten)]
    spec: SpecArguments,
    /// How the problems are shown: for people, for programs, for code scanning,
    /// or as annotations of a pull request
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// What is refused besides errors
    #[arg(long, value_enum)]
    deny: Option<Denied>,
    /// A kind of problem that is none here, such as SM0604 (repeatable)
    #[arg(long = "allow", value_name = "CODE", value_parser = allowed_code)]
    allow: Vec<Code>,
    /// Let variables that are not set stand for some value
    #[arg(long)]
    mock_variables: bool,
}

/// How the problems are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// With the lines of the files, on standard error
    Text,
    /// One document, on standard output
    Json,
    /// SARIF 2.1.0, on standard output
    Sarif,
    /// GitHub's workflow commands, on standard output
    Github,
}

/// What is refused besides errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Denied {
    /// Warnings too
    Warnings,
}

impl Validate {
    pub(crate) fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let loaded = loading::load_checked(
            &self.spec,
            &Checks {
                allow: self.allow.iter().copied().collect(),
                mock_variables: self.mock_variables,
            },
        )?;
        self.show(&loaded, output)?;
        let denied = self.deny.is_some() && !loaded.diagnostics.is_empty();
        match &loaded.spec {
            Some(spec) if !denied => {
                if self.format == Format::Text {
                    output.data(&summary(spec, loaded.diagnostics.len()));
                }
                Ok(Exit::Done)
            }
            _ => Err(Failure::Spec(diagnostics::count::summary(
                &loaded.diagnostics,
            ))),
        }
    }

    fn show(&self, loaded: &Loaded, output: &mut Output) -> Result<(), Failure> {
        let internal = |error: serde_json::Error| Failure::Internal {
            message: "cannot write the diagnostics".to_owned(),
            source: Box::new(error),
        };
        match self.format {
            Format::Text | Format::Github if loaded.diagnostics.is_empty() => {}
            Format::Text => {
                output.talk(&diagnostics::terminal::render(
                    loaded,
                    output.talk_in_colour(),
                ));
            }
            Format::Json => output.data(&diagnostics::json::render(loaded).map_err(internal)?),
            Format::Sarif => output.data(
                &serde_json::to_string_pretty(&diagnostics::sarif::render(&loaded.diagnostics))
                    .map_err(internal)?,
            ),
            Format::Github => output.data(&diagnostics::github::render(&loaded.diagnostics)),
        }
        Ok(())
    }
}

fn summary(spec: &model::Spec, warnings: usize) -> String {
    let tokens: usize = spec
        .accounts
        .values()
        .filter_map(|account| account.tokens.as_ref())
        .map(BTreeMap::len)
        .sum();
    let warnings = match warnings {
        0 => String::new(),
        count => format!("; {}", counted(count, "warning")),
    };
    format!(
        "valid: {}, {}, {}{warnings}",
        counted(spec.sources.len(), "source"),
        counted(spec.accounts.len(), "service account"),
        counted(tokens, "token"),
    )
}
