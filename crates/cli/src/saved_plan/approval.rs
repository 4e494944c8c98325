//! A saved plan that `apply --plan FILE` applies: checked, then used up.

use super::{file, used};
use crate::assessment::Assessment;
use crate::failure::Failure;
use applier::Journal;
use camino::{Utf8Path, Utf8PathBuf};
use model::Spec;
use planner::{Allowances, Selection};
use render::saved_plan::{Binding, FileDigest, LeftOut};

/// A saved plan with the file that it came from.
#[derive(Debug)]
pub(crate) struct Approval {
    path: Utf8PathBuf,
    saved: render::saved_plan::Approval,
}

impl Approval {
    /// Reads the file, unless it is marked as used. `expected` is the digest that was
    /// handed over for it.
    ///
    /// # Errors
    /// A file that cannot be taken for a saved plan, or a used one.
    pub(crate) fn read(path: &Utf8Path, expected: Option<&FileDigest>) -> Result<Self, Failure> {
        let saved = file::read(path, expected)?;
        used::refuse_marked(path)?;
        Ok(Self {
            path: path.to_owned(),
            saved,
        })
    }

    /// Checks that the operator gives what the plan was saved with.
    ///
    /// # Errors
    /// Other paths, another selection or other allowances.
    pub(crate) fn check_given(&self, given: Binding<'_>) -> Result<(), Failure> {
        Ok(self.saved.check_given(given)?)
    }

    /// Checks that the spec is the same as when the plan was saved.
    ///
    /// # Errors
    /// Files that declare something else, variables included.
    pub(crate) fn check_spec(&self, spec: &Spec) -> Result<(), Failure> {
        Ok(self.saved.check_spec(spec)?)
    }

    /// Checks that the tenant is the one that the plan was made for.
    ///
    /// # Errors
    /// Another tenant, or one that does not outlive the command.
    pub(crate) fn check_tenant(&self, tenant: Option<&str>) -> Result<(), Failure> {
        Ok(self.saved.check_tenant(tenant)?)
    }

    /// Checks that the plan has not been used.
    ///
    /// # Errors
    /// A mark beside the file, or an entry in the journal.
    pub(crate) fn check_unused(&self, journal: &Journal) -> Result<(), Failure> {
        used::refuse(&self.path, self.saved.id(), journal)
    }

    /// Uses the plan up. Only when this has returned may anything be written.
    ///
    /// # Errors
    /// A plan that another run uses meanwhile, or whose use cannot be recorded.
    pub(crate) fn use_up(&self, journal: &Journal) -> Result<(), Failure> {
        used::use_up(&self.path, self.saved.id(), journal)
    }

    /// Cuts a new plan to what the saved one has. The result names the steps that
    /// are left to the next plan.
    ///
    /// # Errors
    /// A plan that is more than a part of the saved one, or of which nothing is
    /// left.
    pub(crate) fn restrict(
        &self,
        spec: &Spec,
        assessment: &mut Assessment,
        allow: &Allowances,
        selection: &Selection,
    ) -> Result<LeftOut, Failure> {
        let Assessment {
            live,
            plan,
            read_at: _,
        } = assessment;
        Ok(self.saved.restrict(spec, live, plan, allow, selection)?)
    }
}
