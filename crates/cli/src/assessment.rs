//! Reading files and tenant, and making the plan.

use crate::arguments::SpecArguments;
use crate::failure::Failure;
use crate::output::Output;
use crate::terminal_size::columns_for_files;
use crate::{environment, spec_files};
use applier::{Stores, Unfinished};
use model::{Live, Plan, SourceName, Spec, TenantRead};
use planner::{Allowances, Selection};
use render::diagnostics::{Diagnostics, Format};
use std::collections::{BTreeMap, BTreeSet};

/// Reads and checks the files. What is wrong with them is shown on standard
/// error; warnings are shown and do not stop anything.
///
/// # Errors
/// Files that cannot be read, or that have errors.
pub(crate) fn load_spec(
    arguments: &SpecArguments,
    output: &mut Output,
) -> Result<(Spec, spec::Loaded), Failure> {
    let loaded = load(arguments)?;
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

/// What a check of the files leaves out.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    /// Kinds of problems that are none.
    pub(crate) allow: BTreeSet<spec::Code>,
    /// Whether variables that are not set stand for some value.
    pub(crate) mock_variables: bool,
}

/// Reads and checks the files without showing anything.
pub(crate) fn load(arguments: &SpecArguments) -> Result<spec::Loaded, Failure> {
    load_checked(arguments, &Checks::default())
}

/// Reads and checks the files in another way, without showing anything.
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

/// A plan with what it was made from.
pub(crate) struct Assessment {
    pub(crate) live: Live,
    pub(crate) plan: Plan,
}

impl Assessment {
    /// How many accounts each source has, for the line about its import.
    pub(crate) fn accounts_there(&self) -> BTreeMap<SourceName, usize> {
        self.live
            .sources
            .iter()
            .filter_map(|(name, source)| {
                let source = source.found().as_ref()?;
                Some((name.clone(), source.accounts.found().len()))
            })
            .collect()
    }
}

/// Reads stores and tenant and makes the plan. Tokens whose secret an
/// earlier run has lost are replaced, as far as `unfinished` tells.
///
/// # Errors
/// A tenant that cannot be read at all. What could be read in part is in the plan.
pub(crate) async fn assess(
    spec: &Spec,
    reader: &impl TenantRead,
    stores: &Stores,
    unfinished: &[Unfinished],
    allow: &Allowances,
) -> Result<Assessment, Failure> {
    assess_selected(
        spec,
        reader,
        stores,
        unfinished,
        allow,
        &Selection::default(),
    )
    .await
}

/// The same for the part of the plan that is selected.
///
/// # Errors
/// The same.
pub(crate) async fn assess_selected(
    spec: &Spec,
    reader: &impl TenantRead,
    stores: &Stores,
    unfinished: &[Unfinished],
    allow: &Allowances,
    selection: &Selection,
) -> Result<Assessment, Failure> {
    let issuers = applier::issuers(spec, stores).await;
    let wanted = planner::wanted(spec, &issuers);
    let mut live = reader.survey(&wanted).await?;
    live.issuers = issuers;
    live.lost_tokens = applier::lost_tokens(unfinished, &live, stores).await;
    let plan = planner::plan_selected(spec, &live, live.observed_at, allow, selection);
    Ok(Assessment { live, plan })
}
