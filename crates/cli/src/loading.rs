//! Loads a spec: reads its files, checks them, and shows the diagnostics.

use crate::arguments::SpecArguments;
use crate::failure::Failure;
use crate::output::Output;
use crate::terminal_size::columns_for_files;
use crate::{environment, spec_files};
use model::Spec;
use render::diagnostics::{Diagnostics, Format};
use std::collections::BTreeSet;

/// Loads a spec and shows its diagnostics on standard error. Warnings do not stop
/// a command.
///
/// # Errors
/// Files that cannot be read, or that have errors.
pub(crate) fn load_spec(
    arguments: &SpecArguments,
    output: &mut Output,
) -> Result<(Spec, spec::Loaded), Failure> {
    let loaded = load_checked(arguments, &Checks::default())?;
    let diagnostics = Diagnostics::of_files(&loaded);
    if !diagnostics.is_empty() {
        output.talk(&diagnostics.render(Format::Text {
            columns: columns_for_files(),
            color: output.talk_in_colour(),
        })?);
    }
    match loaded.spec.clone() {
        Some(spec) => Ok((spec, loaded)),
        None => Err(Failure::Spec(diagnostics.failure())),
    }
}

/// Checks that `validate` leaves out on request.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    /// Diagnostic codes that are ignored.
    pub(crate) allow: BTreeSet<spec::Code>,
    /// Whether variables that are not set get a placeholder value.
    pub(crate) mock_variables: bool,
}

/// Loads a spec with these checks, and shows nothing.
///
/// # Errors
/// Files that cannot be read.
pub(crate) fn load_checked(
    arguments: &SpecArguments,
    checks: &Checks,
) -> Result<spec::Loaded, Failure> {
    let files = spec_files::read(&arguments.paths())?;
    let variables =
        spec::Variables::new(environment::all()).with(arguments.variables.iter().cloned());
    let options = spec::Options {
        variables: if checks.mock_variables {
            variables.mocked()
        } else {
            variables
        },
        allow: checks
            .allow
            .iter()
            .chain(&arguments.allowed_codes)
            .copied()
            .collect(),
    };
    Ok(spec::load(files, &options))
}
