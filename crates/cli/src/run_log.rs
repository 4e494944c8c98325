//! Log of an apply: the one sink of its events, for terminal, event file and reports.

use crate::event_file::EventFile;
use crate::failure::Failure;
use crate::output::Output;
use crate::progress::{Progress, Whole};
use jiff::Timestamp;
use model::{Ending, Event, EventSink, Plan, Traffic};
use render::apply_report::{ApplyReport, ReportBuilder, RunBy};
use render::plan_document::PlanDocument;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

/// Hands each event to the terminal, the event file and the report.
pub(crate) struct RunLog {
    progress: Progress,
    report: Mutex<ReportBuilder>,
    file: Option<EventFile>,
    began: Instant,
    /// Who applies; none where no plan was applied yet.
    who: OnceLock<RunBy>,
}

impl RunLog {
    /// A log that begins now.
    pub(crate) fn new(file: Option<EventFile>, output: &Output) -> Self {
        Self {
            progress: Progress::new(output),
            report: Mutex::new(ReportBuilder::new(Timestamp::now())),
            file,
            began: Instant::now(),
            who: OnceLock::new(),
        }
    }

    /// A plan is about to be applied, by this caller.
    pub(crate) fn run_starts(&self, plan: &Plan, tenant: String, caller: &model::Caller) {
        self.who.get_or_init(|| RunBy {
            name: caller.name(),
            identity: caller.identity.as_ref().map(ToString::to_string),
            client_id: caller.client_id.to_string(),
        });
        self.event(Event::RunStarted {
            tenant,
            user: plan.user.clone(),
            spec: plan.spec_digest.clone(),
            plan: model::Digest::of(&PlanDocument::of(plan)),
            steps: plan.steps.len(),
            blocked: plan.blocked.clone(),
        });
    }

    /// The plan that was started is about to be executed.
    pub(crate) fn run_executes(&self, whole: Whole) {
        self.progress.begin(whole);
    }

    /// A plan was applied; another may follow.
    pub(crate) fn run_rests(&self) {
        self.progress.rest();
    }

    /// Who applied a plan, if one was.
    pub(crate) fn who(&self) -> Option<&RunBy> {
        self.who.get()
    }

    /// The run has ended; no event follows.
    pub(crate) fn run_ends(&self, ending: Ending, exit_code: u8, traffic: Traffic) {
        self.event(Event::RunEnded {
            ending,
            exit_code,
            traffic,
            elapsed: self.began.elapsed(),
        });
    }

    /// The report of the events so far.
    pub(crate) fn report(&self) -> ApplyReport {
        self.builder().report()
    }

    /// Why the event file is not complete, where it is not.
    pub(crate) fn lost(&self) -> Option<Failure> {
        self.file.as_ref()?.lost()
    }

    fn builder(&self) -> MutexGuard<'_, ReportBuilder> {
        // Nothing panics while it holds the lock.
        self.report.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EventSink for RunLog {
    fn event(&self, event: Event) {
        let now = Timestamp::now();
        self.builder().add(now, &event);
        if let Some(file) = &self.file {
            file.write(now, &event);
        }
        self.progress.event(event);
    }
}
