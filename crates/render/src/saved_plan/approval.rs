//! Checks a saved plan against the current spec, tenant and plan.

use super::difference;
use super::document::{Binding, SavedPlan};
use super::error::SavedPlanError;
use super::file_digest::FileDigest;
use super::kept::{self, Kept};
use super::{given, unasked};
use crate::plan_document::PlanDocument;
use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use model::{Address, Live, Plan, Spec, Step};
use planner::{Allowances, Selection};
use std::collections::{BTreeMap, BTreeSet};

/// Steps that are left to the next plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Those that became due by the clock alone since the plan was saved.
    pub due: BTreeSet<Address>,
    /// Those that the saved plan lacks, because a store was not asked for it.
    pub not_asked: BTreeSet<Address>,
}

/// A saved plan on its way to being applied.
#[derive(Debug)]
pub struct Approval {
    path: Utf8PathBuf,
    /// All but its lists, which can be long.
    saved: SavedPlan,
    has_steps: bool,
    /// The compact JSON of the file.
    content: Vec<u8>,
    created_at: Timestamp,
}

impl Approval {
    /// Reads the content of the file at a path. `expected` binds it to a digest that
    /// came by another channel, and is compared before anything in it is read.
    ///
    /// # Errors
    /// Content with another digest, or that cannot be taken for a saved plan.
    pub fn parse(
        path: &Utf8Path,
        bytes: Vec<u8>,
        expected: Option<&FileDigest>,
    ) -> Result<Self, SavedPlanError> {
        let found = FileDigest::of(&bytes);
        if let Some(expected) = expected.filter(|expected| **expected != found) {
            return Err(SavedPlanError::OtherDigest {
                path: path.to_owned(),
                digests: format!("digest: {expected} expected, {found} found"),
            });
        }
        let content = SavedPlan::content(path, &bytes)?;
        drop(bytes);
        let Kept { saved, has_steps } = read(path, &content, &BTreeSet::new())?;
        let text = &saved.plan.created_at;
        let created_at = text.parse().map_err(|_| SavedPlanError::Time {
            path: path.to_owned(),
            text: text.clone(),
        })?;
        Ok(Self {
            path: path.to_owned(),
            saved,
            has_steps,
            content,
            created_at,
        })
    }

    /// What tells this saved plan from every other.
    pub fn id(&self) -> &str {
        &self.saved.id
    }

    /// Checks that the operator gives the paths, the selection and the allowances
    /// that the plan was saved with. They are never taken from the file.
    ///
    /// # Errors
    /// Others, with both values of each.
    pub fn check_given(&self, given: Binding<'_>) -> Result<(), SavedPlanError> {
        let differences = given::differences(&self.saved, given);
        if differences.is_empty() {
            return Ok(());
        }
        Err(SavedPlanError::OtherArguments {
            path: self.path.clone(),
            differences,
        })
    }

    /// Checks that the spec is the same as when the plan was saved.
    ///
    /// # Errors
    /// Files that declare something else, variables included.
    pub fn check_spec(&self, spec: &Spec) -> Result<(), SavedPlanError> {
        let (then, now) = (&self.saved.plan.spec_digest, spec.digest());
        if then == now.as_str() {
            return Ok(());
        }
        let short = then.get(..12).unwrap_or(then);
        Err(SavedPlanError::OtherSpec {
            path: self.path.clone(),
            digests: format!("spec digest: {short} when saved, {} now", now.short()),
        })
    }

    /// Checks that the tenant is the one that the plan was made for.
    ///
    /// # Errors
    /// Another tenant, or one that does not outlive the command.
    pub fn check_tenant(&self, tenant: Option<&str>) -> Result<(), SavedPlanError> {
        if tenant == Some(self.saved.tenant.as_str()) {
            return Ok(());
        }
        Err(SavedPlanError::OtherTenant {
            path: self.path.clone(),
            saved: self.saved.tenant.clone(),
            now: tenant
                .unwrap_or("a simulated tenant that is not kept")
                .to_owned(),
        })
    }

    /// Checks that a new plan is a part of the saved one, and takes out of it
    /// what has become due by the clock alone since, such as a rotation, and what only
    /// the stores show that were not asked for it. The result names those steps. `allow` and `selection` are those that the new plan
    /// was made with.
    ///
    /// # Errors
    /// A plan that is more than a part of the saved one, with each difference; or
    /// one of which nothing is left.
    pub fn restrict(
        &self,
        spec: &Spec,
        live: &Live,
        plan: &mut Plan,
        allow: &Allowances,
        selection: &Selection,
    ) -> Result<LeftOut, SavedPlanError> {
        // The plan as it would have been then, with the tenant as it is now:
        // ends of tokens are counted from the time of the plan.
        let mut then = planner::plan_selected(spec, live, self.created_at, allow, selection);
        let document = PlanDocument::of(&then);
        let addresses = document.steps.iter().map(|step| step.address.as_str());
        let saved = read(&self.path, &self.content, &addresses.collect())?.saved;
        let unsaved = unasked::only_now(&saved.plan, &document);
        unasked::block(&mut then, &unsaved);
        let not_asked = unasked::block(plan, &unsaved);
        let differences = difference::find(&saved.plan.steps, &PlanDocument::of(&then).steps);
        if !differences.is_empty() {
            return Err(self.changed(differences));
        }
        if then.is_empty() && self.has_steps {
            return Err(SavedPlanError::NothingLeft {
                path: self.path.clone(),
            });
        }
        let due = due_since(&then, plan);
        let differences = overtaken(&then, plan, &due);
        if differences.is_empty() {
            Ok(LeftOut { due, not_asked })
        } else {
            Err(self.changed(differences))
        }
    }

    fn changed(&self, differences: Vec<String>) -> SavedPlanError {
        SavedPlanError::Changed {
            path: self.path.clone(),
            differences,
        }
    }
}

fn read(
    path: &Utf8Path,
    content: &[u8],
    addresses: &BTreeSet<&str>,
) -> Result<Kept, SavedPlanError> {
    kept::read(content, addresses).map_err(|error| SavedPlanError::Damaged {
        path: path.to_owned(),
        cause: error.to_string(),
    })
}

/// Removes the steps that the earlier plan lacks from the later one. They have
/// become due with time, because the tenant is the same in both.
fn due_since(then: &Plan, now: &mut Plan) -> BTreeSet<Address> {
    let planned: BTreeSet<&Address> = then.steps.iter().map(|step| &step.address).collect();
    let due: BTreeSet<Address> = now
        .steps
        .iter()
        .map(|step| &step.address)
        .filter(|address| !planned.contains(address))
        .cloned()
        .collect();
    now.steps.retain(|step| !due.contains(&step.address));
    let (read, unregistered) = (now.estimate.read_requests, now.estimate.unregistered);
    now.estimate = planner::estimate(&now.steps, read, unregistered);
    due
}

/// Steps that time has changed, or that depend on one that has become due.
fn overtaken(then: &Plan, now: &Plan, due: &BTreeSet<Address>) -> Vec<String> {
    let then: BTreeMap<&Address, &Step> = then
        .steps
        .iter()
        .map(|step| (&step.address, step))
        .collect();
    now.steps
        .iter()
        .filter_map(|step| {
            let before = then.get(&step.address)?;
            if before.action != step.action || before.reason != step.reason {
                return Some(format!(
                    "{}: action was {} ({}), is now {} ({}), because time has passed",
                    step.address,
                    before.action,
                    before.reason.text(),
                    step.action,
                    step.reason.text()
                ));
            }
            let first = step.depends_on.iter().find(|first| due.contains(*first))?;
            Some(format!(
                "{}: depends on {first}, which has become due since the plan was saved",
                step.address
            ))
        })
        .collect()
}
