//! What the parts of one apply share: what it may apply, and what it works with.

use super::basis::Basis;
use super::purpose::Purpose;
use crate::assessment::{Assessment, Facts};
use crate::failure::Failure;
use crate::notices::Watched;
use crate::output::Output;
use crate::problem_report::refuse_problems;
use crate::run_log::RunLog;
use crate::saved_plan::Approval;
use crate::selection_report::refuse_unmatched;
use crate::session::Session;
use applier::{Cancel, Journal, Stores};
use model::{Address, Spec};
use planner::{Allowances, Selection};
use render::saved_plan::LeftOut;
use spec::Loaded;
use std::collections::BTreeSet;

/// What every part of one run needs.
pub(super) struct Run<'a> {
    pub(super) spec: &'a Spec,
    pub(super) session: &'a Session,
    pub(super) stores: &'a Stores,
    pub(super) journal: &'a Journal,
    pub(super) permitted: &'a Permitted,
    pub(super) log: &'a RunLog,
    pub(super) watched: &'a Watched,
    /// The request to stop.
    pub(super) cancel: &'a Cancel,
}

/// What the operator allowed this run to apply.
pub(super) struct Permitted {
    pub(super) purpose: Purpose,
    /// The saved plan, with `--plan`.
    pub(super) approval: Option<Approval>,
    pub(super) selection: Selection,
    pub(super) allow: Allowances,
}

impl Permitted {
    /// Plans, and reduces the plan to the saved one. Also returns the steps that
    /// are left to the next plan: those that became due after the plan was saved, and
    /// those that only stores show which were not asked for it.
    ///
    /// # Errors
    /// A plan that cannot be applied, or that the saved plan does not cover.
    pub(super) async fn assess(
        &self,
        spec: &Spec,
        loaded: &Loaded,
        session: &Session,
        journal: &Journal,
        stores: &Stores,
        output: &mut Output,
    ) -> Result<(Assessment, BTreeSet<Address>), Failure> {
        let (allow, selection) = (&self.allow, &self.selection);
        let earlier = journal.earlier();
        let basis = Basis {
            spec,
            reader: session.reader(),
            facts: Facts::of_apply(stores, &earlier, Facts::NOTHING_SETTLED),
            allow,
            selection,
        };
        let mut assessment = self.purpose.first(basis, output).await?;
        refuse_problems(&assessment.plan, loaded, output)?;
        let Some(approval) = &self.approval else {
            refuse_unmatched(&assessment.plan)?;
            return Ok((assessment, BTreeSet::new()));
        };
        let due = approval.restrict(spec, &mut assessment, allow, selection)?;
        let LeftOut { mut due, not_asked } = due;
        for address in &due {
            output.talk(&format!(
                "note: {address} became due after the plan was saved; the next plan contains it"
            ));
        }
        // The plan shows them as blocked.
        due.extend(not_asked);
        Ok((assessment, due))
    }
}
