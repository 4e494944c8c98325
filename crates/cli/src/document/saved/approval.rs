//! What a saved plan permits, and whether what is there still fits it.

use super::{SavedPlan, difference, used};
use crate::assessment::Assessment;
use crate::document::plan::PlanDocument;
use crate::failure::Failure;
use applier::Journal;
use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use model::{Address, Plan, Spec, Step};
use planner::{Allowances, Selection};
use std::collections::{BTreeMap, BTreeSet};

/// A saved plan on its way to being applied.
#[derive(Debug)]
pub(crate) struct Approval {
    path: Utf8PathBuf,
    saved: SavedPlan,
    pub(crate) selection: Selection,
    pub(crate) allow: Allowances,
    created_at: Timestamp,
}

impl Approval {
    /// Reads the file, unless it is marked as used.
    ///
    /// # Errors
    /// A file that cannot be taken for a saved plan, or a used one.
    pub(crate) fn read(path: &Utf8Path) -> Result<Self, Failure> {
        let saved = SavedPlan::read(path)?;
        used::refuse_marked(path)?;
        Ok(Self {
            path: path.to_owned(),
            selection: saved.selection()?,
            allow: saved.allowances(),
            created_at: saved.created_at()?,
            saved,
        })
    }

    /// Where the spec was read from.
    pub(crate) fn paths(&self) -> &[Utf8PathBuf] {
        &self.saved.paths
    }

    /// Sees that the files declare what they declared.
    ///
    /// # Errors
    /// Files that declare something else, variables included.
    pub(crate) fn check_spec(&self, spec: &Spec) -> Result<(), Failure> {
        let (then, now) = (&self.saved.plan.spec_digest, spec.digest());
        if then == now.as_str() {
            return Ok(());
        }
        let short = then.get(..12).unwrap_or(then);
        Err(Failure::Stale {
            message: format!(
                "the files declare something else than when {} was saved",
                self.path
            ),
            items: vec![format!(
                "digest of what is declared: {short} when it was saved, {} now",
                now.short()
            )],
        })
    }

    /// Sees that the tenant is the one that the plan was made for.
    ///
    /// # Errors
    /// Another tenant, or one that does not outlive the command.
    pub(crate) fn check_tenant(&self, tenant: Option<&str>) -> Result<(), Failure> {
        if tenant == Some(self.saved.tenant.as_str()) {
            return Ok(());
        }
        Err(Failure::Stale {
            message: format!(
                "the saved plan {} is for {}, and this is {}",
                self.path,
                self.saved.tenant,
                tenant.unwrap_or("a simulated tenant that is not kept")
            ),
            items: Vec::new(),
        })
    }

    /// Sees that the plan has not been used.
    ///
    /// # Errors
    /// A mark beside the file, or an entry in the journal.
    pub(crate) fn check_unused(&self, journal: &Journal) -> Result<(), Failure> {
        used::refuse(&self.path, &self.saved, journal)
    }

    /// Uses the plan up. Only when this has returned may anything be written.
    ///
    /// # Errors
    /// A plan that is used meanwhile, or whose use cannot be put down.
    pub(crate) fn use_up(&self, journal: &Journal) -> Result<(), Failure> {
        used::use_up(&self.path, &self.saved, journal)
    }

    /// Sees that a new plan is a part of the saved one, and takes out of it
    /// what has become due by the clock alone since, such as a rotation. The
    /// result says what that was.
    ///
    /// # Errors
    /// A plan that is more than a part of the saved one, each difference said;
    /// or one of which nothing is left.
    pub(crate) fn restrict(
        &self,
        spec: &Spec,
        assessment: &mut Assessment,
    ) -> Result<BTreeSet<Address>, Failure> {
        // The plan as it would have been then, with the tenant as it is now:
        // ends of tokens are counted from the time of the plan.
        let then = planner::plan_selected(
            spec,
            &assessment.live,
            self.created_at,
            &self.allow,
            &self.selection,
        );
        let items = difference::find(&self.saved.plan.steps, &PlanDocument::of(&then).steps);
        if !items.is_empty() {
            return Err(self.changed(items));
        }
        if then.is_empty() && !self.saved.plan.steps.is_empty() {
            return Err(Failure::Stale {
                message: format!(
                    "nothing of the saved plan {} is left: it was applied before, or somebody did the same by hand",
                    self.path
                ),
                items: Vec::new(),
            });
        }
        let due = due_since(&then, &mut assessment.plan);
        let items = overtaken(&then, &assessment.plan, &due);
        if items.is_empty() {
            Ok(due)
        } else {
            Err(self.changed(items))
        }
    }

    fn changed(&self, items: Vec<String>) -> Failure {
        Failure::Stale {
            message: format!(
                "what has to change is not a part of the saved plan {} any more",
                self.path
            ),
            items,
        }
    }
}

/// Takes the steps that the earlier plan lacks out of the later one. They have
/// become due by the clock, for the tenant is the same in both.
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
    now.estimate = planner::estimate(&now.steps, now.estimate.read_requests);
    due
}

/// Steps that the clock has made into others, or that wait for one that has
/// become due.
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
                    "{}: was to {} ({}), and with time is to {} ({})",
                    step.address,
                    before.action,
                    before.reason.text(),
                    step.action,
                    step.reason.text()
                ));
            }
            let first = step.depends_on.iter().find(|first| due.contains(*first))?;
            Some(format!(
                "{}: waits for {first}, which has become due since",
                step.address
            ))
        })
        .collect()
}
