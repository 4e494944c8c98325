//! Notes about the whole plan: problems, guards, partial reads.

use crate::touched::with_accounts;
use model::{AccountKey, GuardReport, Incomplete, Plan, Problem, Verdict, visible};
use std::collections::BTreeMap;

/// A problem at this tenant.
#[derive(Clone, Debug)]
pub(crate) struct ProblemView {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) help: String,
    /// `FILE:LINE:COLUMN`, where the files say it.
    pub(crate) place: Option<String>,
    /// What the problem is about.
    pub(crate) address: String,
}

/// The report of a guard.
#[derive(Clone, Debug)]
pub(crate) struct GuardView {
    pub(crate) name: String,
    pub(crate) refuses: bool,
    pub(crate) counted: u64,
    pub(crate) limit: u64,
    pub(crate) message: String,
    pub(crate) remedy: String,
}

/// What a partial read never leads to.
pub(crate) const PARTIAL_READ: &str =
    "steersman creates or deletes nothing because of a partial read.";

/// A collection with a partial read.
#[derive(Clone, Debug)]
pub(crate) struct IncompleteView {
    pub(crate) collection: String,
    pub(crate) why: String,
}

impl ProblemView {
    fn new(problem: &Problem, place: Option<&str>) -> Self {
        let Problem {
            code,
            address,
            field: _,
            message,
            help,
            // Those that only warn look the same; the document says which they are.
            effect: _,
        } = problem;
        Self {
            code: (*code).to_owned(),
            message: visible(message),
            help: visible(help),
            place: place.map(visible),
            address: visible(&address.to_string()),
        }
    }
}

impl GuardView {
    fn new(report: &GuardReport) -> Self {
        let GuardReport {
            name,
            verdict,
            counted,
            limit,
            message,
            remedy,
        } = report;
        Self {
            name: (*name).to_owned(),
            refuses: match verdict {
                Verdict::Refused => true,
                Verdict::Lifted => false,
            },
            counted: *counted,
            limit: *limit,
            message: visible(message),
            remedy: visible(remedy),
        }
    }

    /// What it decided, as one word.
    pub(crate) fn word(&self) -> &'static str {
        if self.refuses { "refused" } else { "allowed" }
    }
}

impl IncompleteView {
    fn new(collection: &str, why: &Incomplete) -> Self {
        Self {
            collection: visible(collection),
            why: visible(&why.to_string()),
        }
    }
}

/// The problems of a plan; `place` knows where in the files each is. Accounts that have
/// a problem from one place, such as their profile, have it together.
pub(crate) fn problems(
    plan: &Plan,
    place: impl Fn(&Problem) -> Option<String>,
) -> Vec<ProblemView> {
    let mut views: Vec<(ProblemView, Vec<&AccountKey>)> = Vec::new();
    let mut known = BTreeMap::new();
    for problem in &plan.problems {
        let place = place(problem);
        let Some(account) = problem.address.account() else {
            views.push((ProblemView::new(problem, place.as_deref()), Vec::new()));
            continue;
        };
        let key = (problem.code, &problem.message, &problem.help, place.clone());
        let index = *known.entry(key).or_insert(views.len());
        if let Some((_, accounts)) = views.get_mut(index) {
            accounts.push(account);
        } else {
            views.push((ProblemView::new(problem, place.as_deref()), vec![account]));
        }
    }
    views
        .into_iter()
        .map(|(mut view, accounts)| {
            view.help = visible(&with_accounts(view.help, &accounts));
            view
        })
        .collect()
}

/// The guards that spoke, those that refuse first.
pub(crate) fn guards(plan: &Plan) -> Vec<GuardView> {
    let mut guards: Vec<GuardView> = plan.guards.iter().map(GuardView::new).collect();
    guards.sort_by_key(|guard| !guard.refuses);
    guards
}

/// What could not be read completely.
pub(crate) fn incomplete(plan: &Plan) -> Vec<IncompleteView> {
    plan.incomplete
        .iter()
        .map(|(collection, why)| IncompleteView::new(collection, why))
        .collect()
}
