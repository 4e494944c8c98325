//! Loads a spec: reads its files, checks them, and shows the diagnostics.

use crate::arguments::{SpecArguments, TenantArguments};
use crate::failure::Failure;
use crate::output::Output;
use crate::redaction::redactor;
use crate::spec_files::SpecFiles;
use crate::terminal_size::columns_for_files;
use crate::{credentials, environment, simulated, spec_files, store_folders};
use model::Spec;
use render::diagnostics::{Diagnostics, Format};
use std::collections::BTreeSet;

/// Loads a spec and shows its errors on standard error. Warnings do not stop a command,
/// and are counted in one line: `validate` shows them.
///
/// # Errors
/// Files that cannot be read, or that have errors; placeholders for variables where
/// the tenant is real.
pub(crate) fn load_spec(
    arguments: &SpecArguments,
    tenant: &TenantArguments,
    output: &mut Output,
) -> Result<(Spec, spec::Loaded), Failure> {
    output.name_files(arguments);
    let is_simulated = tenant.simulate.is_some();
    if arguments.mock_variables && !is_simulated {
        return Err(Failure::Usage {
            message: "`--mock-variables` is for a simulated tenant only".to_owned(),
            help: "add `--simulate`, or give the variables values".to_owned(),
        });
    }
    let checks = Checks {
        without_tenant: is_simulated,
        simulated: tenant
            .simulate
            .as_deref()
            .map(|state| simulated::in_keys(Some(state))),
        ..Checks::default()
    };
    let loaded = load_checked(arguments, &checks)?;
    let diagnostics = Diagnostics::of_files(&loaded, redactor());
    if loaded.spec.is_some() {
        // A policy that does not apply is worth a line of its own.
        for line in policies_left_out(&loaded) {
            output.talk(&line);
        }
        if let Some(line) = diagnostics.in_one_line() {
            output.talk(&line);
        }
    } else {
        output.talk_laid_out(&diagnostics.render(Format::Text {
            columns: columns_for_files(),
            color: output.talk_in_colour(),
        })?);
    }
    match loaded.spec.clone() {
        Some(spec) => Ok((spec, loaded)),
        None => Err(Failure::Spec(diagnostics.failure())),
    }
}

/// The policies that ignore rules leave out, each with its warning.
fn policies_left_out(loaded: &spec::Loaded) -> impl Iterator<Item = String> + '_ {
    let diagnostics = loaded.diagnostics.iter();
    diagnostics
        .filter(|diagnostic| diagnostic.code == spec::Code::PolicyLeftOut)
        .map(|diagnostic| format!("warning[{}]: {}", diagnostic.code, diagnostic.message))
}

/// Checks that `validate` leaves out on request.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    /// Diagnostic codes that are ignored.
    pub(crate) allow: BTreeSet<spec::Code>,
    /// Whether no real tenant is used, so that the fields of `tenant` need no values.
    pub(crate) without_tenant: bool,
    /// What `{tenant}` stands for, where the tenant is simulated within the command.
    pub(crate) simulated: Option<String>,
    /// Whether the path `-` is standard input.
    pub(crate) standard_input: bool,
    /// How many problems are listed, where it is not 1,000.
    pub(crate) most_problems: Option<usize>,
}

/// The files of a spec, and how they are checked.
pub(crate) struct ToCheck {
    pub(crate) files: Vec<spec::SourceFile>,
    pub(crate) options: spec::Options,
    /// How many spec files ignore rules leave out, beside those with a policy, which are
    /// warnings.
    pub(crate) left_out: usize,
}

/// Loads a spec with these checks, and shows nothing.
///
/// # Errors
/// Files that cannot be read.
pub(crate) fn load_checked(
    arguments: &SpecArguments,
    checks: &Checks,
) -> Result<spec::Loaded, Failure> {
    let ToCheck {
        files,
        options,
        left_out: _,
    } = read(arguments, checks)?;
    Ok(spec::load(files, &options))
}

/// The files of a spec, and how they are checked.
///
/// # Errors
/// Files that cannot be read.
pub(crate) fn read(arguments: &SpecArguments, checks: &Checks) -> Result<ToCheck, Failure> {
    let SpecFiles {
        files,
        left_out,
        mut not_read,
    } = if checks.standard_input {
        spec_files::read_with_standard_input(&arguments.paths())?
    } else {
        spec_files::read_spec(&arguments.paths())?
    };
    let other_tenants = spec_files::other_tenants(&files);
    // A file of variables has no key `steersman`, and is read.
    not_read.retain(|one| !arguments.variable_files.contains(&one.file));
    let variable_files = spec_files::read_named(&arguments.variable_files)?;
    let variables = spec::Variables::default()
        .environment(environment::all())
        .with(arguments.variables.iter().cloned());
    let options = spec::Options {
        variables: if arguments.mock_variables {
            variables.mocked()
        } else {
            variables
        },
        variable_files,
        left_out: left_out.with_policy,
        not_read,
        without_tenant: checks.without_tenant,
        tenant_in_keys: match &checks.simulated {
            Some(name) => Some(name.clone()),
            None => credentials::tenant_in_keys(),
        },
        other_tenants,
        real_folders: Some(store_folders::real),
        most_problems: checks.most_problems,
        allow: checks
            .allow
            .iter()
            .chain(&arguments.allowed_codes)
            .copied()
            .collect(),
    };
    Ok(ToCheck {
        files,
        options,
        left_out: left_out.others,
    })
}
