//! `steersman validate`: offline checks of the files.

mod fixing;

use self::fixing::{Fixing, fix};
use crate::arguments::{SpecArguments, allowed_code};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::loading::{self, Checks, ToCheck};
use crate::not_read;
use crate::output::Output;
use crate::redaction::redactor;
use crate::store_exposure;
use crate::terminal_size::columns_for_files;
use clap::{Args, ValueEnum};
use render::counted;
use render::diagnostics::{self, Diagnostics};
use spec::Code;
use std::mem::ManuallyDrop;

/// Check the files; offline, without a tenant or credentials
///
/// Example: `steersman validate accounts --format sarif`
///
/// With - for PATH, a file is read from standard input.
#[derive(Debug, Args)]
pub(crate) struct Validate {
    #[command(flatten)]
    spec: SpecArguments,
    /// Output format of the diagnostics
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Also exit with 1 for these diagnostics
    #[arg(long, value_enum)]
    deny: Option<Denied>,
    /// Fix what has one right text, such as a misspelled key
    #[arg(long)]
    fix: bool,
    /// Show what --fix would change, and change nothing; 2 if it would
    #[arg(long)]
    diff: bool,
    /// With --fix or --diff: also what decides access or lifetimes
    #[arg(long)]
    unsafe_fixes: bool,
    /// Ignore this diagnostic code, for example SM0604; repeatable
    #[arg(long = "allow", value_name = "CODE", value_parser = allowed_code)]
    allow: Vec<Code>,
}

/// The path that is standard input.
const STANDARD_INPUT: &str = "-";

/// How many results GitHub takes of one SARIF run.
const MOST_OF_SARIF: usize = 25_000;

/// The output format of the diagnostics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: excerpts of the files, on standard error
    Text,
    /// For programs: one document, on standard output
    Json,
    /// For code scanning: SARIF 2.1.0, on standard output
    Sarif,
    /// For pull requests: GitHub annotations, on standard output
    Github,
    /// For merge requests: GitLab code quality, on standard output
    Gitlab,
    /// For test reports: `JUnit` XML, on standard output
    Junit,
}

/// Diagnostics that fail the command, in addition to errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Denied {
    /// Warnings
    Warnings,
}

impl Validate {
    pub(crate) fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let fixes = self.fixes()?;
        output.name_files(&self.spec);
        let ToCheck {
            files,
            options,
            left_out,
        } = loading::read(
            &self.spec,
            &Checks {
                allow: self.allow.iter().copied().collect(),
                without_tenant: true,
                simulated: None,
                standard_input: true,
                most_problems: (self.format == Format::Sarif).then_some(MOST_OF_SARIF),
            },
        )?;
        if self.fix && files.iter().any(|file| file.path == STANDARD_INPUT) {
            return Err(Failure::Usage {
                message: "cannot fix standard input".to_owned(),
                help: "use `--diff` to see the changes, or name the file".to_owned(),
            });
        }
        // Files can be large: they are kept only where they are changed.
        let kept = fixes.map(|fixes| (fixes, files.clone()));
        let mut loaded = spec::load(files, &options);
        if let Some((fixes, files)) = kept {
            let fixed = fix(files, loaded, &options, fixes)?;
            let has_changes = fixed.show(output);
            if self.diff {
                return Ok(if has_changes {
                    Exit::Changes
                } else {
                    Exit::Done
                });
            }
            fixed.write()?;
            loaded = fixed.loaded;
        }
        // The process ends with this command; to free 10,000 accounts takes a seventh of its time.
        let loaded = ManuallyDrop::new(loaded);
        let diagnostics = Diagnostics::of_files(&loaded, redactor());
        self.show(&diagnostics, output)?;
        if self.format == Format::Text {
            not_read::show(&loaded, output);
        }
        let denied = self.deny.is_some() && !loaded.diagnostics.is_empty();
        match &loaded.spec {
            Some(spec) if !denied => {
                if self.format == Format::Text {
                    store_exposure::warn(spec, &loaded, output)?;
                    output.lines(&summary(spec, loaded.diagnostics.len(), left_out));
                }
                Ok(Exit::Done)
            }
            _ => Err(Failure::Spec(diagnostics.failure())),
        }
    }

    /// Which changes are made to the files, or shown; none where none is asked for.
    fn fixes(&self) -> Result<Option<Fixing>, Failure> {
        match (self.fix, self.diff) {
            (true, true) => Err(Failure::Usage {
                message: "`--fix` and `--diff` cannot be used together".to_owned(),
                help: "`--diff` shows the changes, and `--fix` makes them".to_owned(),
            }),
            (false, false) if self.unsafe_fixes => Err(Failure::Usage {
                message: "`--unsafe-fixes` needs `--fix` or `--diff`".to_owned(),
                help: "`--diff` shows the changes, and `--fix` makes them".to_owned(),
            }),
            (false, false) => Ok(None),
            (true, false) | (false, true) => Ok(Some(Fixing {
                only_show: self.diff,
                with_unsafe: self.unsafe_fixes,
            })),
        }
    }

    fn show(&self, diagnostics: &Diagnostics<'_>, output: &mut Output) -> Result<(), Failure> {
        match self.format {
            Format::Text if diagnostics.is_empty() => {}
            Format::Text => {
                output.talk_laid_out(&diagnostics.render(diagnostics::Format::Text {
                    columns: columns_for_files(),
                    color: output.talk_in_colour(),
                })?);
            }
            Format::Json => output.data(&diagnostics.render(diagnostics::Format::Json)?),
            Format::Sarif => output.data(&diagnostics.render(diagnostics::Format::Sarif)?),
            Format::Gitlab => output.data(&diagnostics.render(diagnostics::Format::Gitlab)?),
            Format::Junit => output.data(&diagnostics.render(diagnostics::Format::Junit)?),
            Format::Github => output.annotate(&diagnostics.annotations()),
        }
        Ok(())
    }
}

fn summary(spec: &model::Spec, warnings: usize, left_out: usize) -> String {
    let tokens: usize = spec
        .accounts
        .values()
        .filter_map(|account| account.tokens.as_ref())
        .map(model::TokenSpecs::len)
        .sum();
    let warnings = match warnings {
        0 => String::new(),
        count => format!("; {}", counted(count, "warning")),
    };
    let left_out = match left_out {
        0 => String::new(),
        count => format!("; {} left out by ignore rules", counted(count, "spec file")),
    };
    format!(
        "valid: {}, {}, {}{warnings}{left_out}",
        counted(spec.sources.len(), "source"),
        counted(spec.accounts.len(), "service account"),
        counted(tokens, "token"),
    )
}
