//! Plan view: all facts of a plan, grouped by source and account.

use super::group::{self, GroupView};
use super::notes::{self, GuardView, IncompleteView, ProblemView};
use super::rewrite::{Change, Rewrite};
use super::said_once;
use super::selection::SelectionView;
use super::stores::{StoreView, stores};
use super::summary::SummaryView;
use super::waiting::{self, WaitingView};
use crate::completion::Completion;
use crate::count::counted;
use model::{AccountReport, Plan, Problem, Redactor, SourceName, visible};
use spec::Loaded;
use std::collections::BTreeMap;

/// All that is shown of a plan, in the order in which it is shown.
#[derive(Clone, Debug)]
pub struct PlanView {
    /// The tenant's API address.
    pub(crate) tenant: String,
    /// What people call the tenant: its address, or a simulated tenant.
    pub(crate) called: String,
    /// Who applies the plan.
    pub(crate) user: String,
    /// When the plan was made, by the tenant's clock.
    pub(crate) created_at: String,
    /// The first digits of the digest of what the files declare.
    pub(crate) spec_digest: String,
    pub(crate) state: State,
    /// In how many texts secrets are replaced, as far as that is counted.
    pub(crate) redacted: usize,
    pub(crate) summary: SummaryView,
    /// The selection; none for the whole plan.
    pub(crate) selection: Option<SelectionView>,
    pub(crate) problems: Vec<ProblemView>,
    pub(crate) guards: Vec<GuardView>,
    pub(crate) incomplete: Vec<IncompleteView>,
    /// Sources first, then accounts.
    pub(crate) groups: Vec<GroupView>,
    pub(crate) waiting: Vec<WaitingView>,
    /// Whether the accounts that wait for a person are counted only.
    pub(crate) hides_waiting: bool,
    pub(crate) stores: Vec<StoreView>,
}

/// Whether a plan can be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// The tenant matches the spec.
    Empty,
    /// There is nothing to apply until a person acts.
    Waiting,
    /// There is nothing to apply, as far as could be read.
    Unread,
    /// It can be applied.
    Applyable,
    /// A guard refuses it.
    Refused,
    /// There are problems at this tenant.
    Errored,
}

impl State {
    fn of(plan: &Plan) -> Self {
        if plan.problems.iter().any(Problem::refuses_plan) {
            Self::Errored
        } else if !plan.is_applyable() {
            Self::Refused
        } else if !plan.is_empty() {
            Self::Applyable
        } else if !plan.incomplete.is_empty() {
            Self::Unread
        } else if !plan.blocked.is_empty() {
            Self::Waiting
        } else {
            Self::Empty
        }
    }

    /// The state as a person reads it.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Empty => "no changes",
            Self::Waiting => "nothing to apply until a person acts",
            Self::Unread => "partial read: nothing to apply",
            Self::Applyable => "ready to apply",
            Self::Refused => "refused by a guard",
            Self::Errored => "cannot be applied: problems at this tenant",
        }
    }
}

impl PlanView {
    /// The view of a plan. `there` is how many accounts each source has, for the
    /// line about its import. `files` know the place of a problem; `hint` may know the
    /// commands that an account of a simulated tenant needs. Secrets are redacted, so
    /// that no layout divides one.
    pub fn new(
        plan: &Plan,
        there: &BTreeMap<SourceName, usize>,
        files: Option<&Loaded>,
        hint: impl Fn(&AccountReport) -> Vec<String>,
        redactor: &Redactor,
    ) -> Self {
        let mut groups = group::of_sources(plan, there);
        let (accounts, unchanged) = group::of_accounts(plan);
        groups.extend(accounts);
        // Changes come before what is blocked.
        groups.sort_by_key(|group| group.shape.is_blocked());
        let place = |problem: &model::Problem| {
            let found = files?.diagnose(problem);
            let label = found.labels.first()?;
            Some(format!("{}:{}:{}", label.file, label.line, label.column))
        };
        let problems = notes::problems(plan, place);
        let mut view = Self {
            tenant: visible(&plan.tenant),
            called: visible(&plan.tenant),
            user: visible(&plan.user),
            created_at: plan.created_at.to_string(),
            spec_digest: plan.spec_digest.short().to_owned(),
            state: State::of(plan),
            redacted: 0,
            summary: SummaryView::new(plan, problems.len(), unchanged),
            selection: plan.selection.as_ref().map(SelectionView::new),
            problems,
            guards: notes::guards(plan),
            incomplete: notes::incomplete(plan),
            groups,
            waiting: waiting::unredacted(plan, hint),
            hides_waiting: false,
            stores: stores(plan),
        };
        said_once::name_problems(&plan.problems, &mut view.groups, &mut view.waiting);
        let before = redactor.replaced().texts;
        view.rewrite(&|text| redactor.redact(text));
        view.redacted = redactor.replaced().texts - before;
        view
    }

    /// That secrets are replaced; none where none is.
    pub(crate) fn redacted(&self) -> Option<String> {
        (self.redacted > 0).then(|| {
            format!(
                "{} of this plan with a secret of this run, shown as {}. Replace that secret in ISC, because others can read it there.",
                counted(self.redacted, "text"),
                model::REDACTED
            )
        })
    }

    /// How many accounts wait for a person.
    pub(crate) fn waiting_accounts(&self) -> usize {
        self.waiting.iter().map(|view| view.accounts.len()).sum()
    }

    /// The view, in which the accounts that wait for a person are counted only, if `hide`.
    #[must_use]
    pub fn hiding_waiting(mut self, hide: bool) -> Self {
        self.hides_waiting = hide;
        self
    }

    /// The view without the texts of the problems, where they are shown in another place.
    #[must_use]
    pub fn without_problems(mut self) -> Self {
        self.problems.clear();
        self
    }

    /// The view, in which the commands that texts name are complete.
    #[must_use]
    pub fn with_commands(mut self, completion: &Completion) -> Self {
        let complete: Change<'_> = &|text| completion.of(text);
        // Values of fields are shown as they are.
        self.problems.rewrite(complete);
        self.guards.rewrite(complete);
        self.waiting.rewrite(complete);
        for row in self.groups.iter_mut().flat_map(|group| &mut group.rows) {
            row.remedy.rewrite(complete);
        }
        self
    }

    /// The view with another name for the tenant, for a simulated one: its address
    /// changes from run to run.
    #[must_use]
    pub fn calling_tenant(mut self, name: &str) -> Self {
        self.called = visible(name);
        self
    }
}
