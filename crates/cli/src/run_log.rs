//! Log of an apply: the one sink of its events, for terminal, event file and reports.

use crate::event_file::EventFile;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::progress::{Progress, Whole};
use jiff::Timestamp;
use model::{Ending, Event, EventSink, Plan, Traffic};
use render::apply_report::{ApplyReport, Record, ReportBuilder, RunBy};
use render::drift::Agreement;
use render::plan_document::PlanDocument;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Hands each event to the terminal, the event file and the report.
pub(crate) struct RunLog {
    progress: Progress,
    report: Mutex<ReportBuilder>,
    file: Option<EventFile>,
    began: Instant,
    /// Who applies; none where no plan was applied yet.
    who: OnceLock<RunBy>,
    /// The record that the run found.
    earlier: OnceLock<Record>,
    /// What agreed at the end; none where the tenant was not read again.
    agreement: Mutex<Option<Agreement>>,
}

/// How a run ended, without the exit code: that changes where a report is lost.
pub(crate) struct End {
    ending: Ending,
    traffic: Traffic,
    elapsed: Duration,
}

impl End {
    fn event(&self, exit: Exit) -> Event {
        Event::RunEnded {
            ending: self.ending,
            exit_code: exit.number(),
            traffic: self.traffic,
            elapsed: self.elapsed,
        }
    }
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
            earlier: OnceLock::new(),
            agreement: Mutex::new(None),
        }
    }

    /// Takes note of the record that the run found.
    pub(crate) fn found(&self, record: Record) {
        self.earlier.get_or_init(|| record);
    }

    /// The record that the run found.
    pub(crate) fn earlier(&self) -> Option<&Record> {
        self.earlier.get()
    }

    /// Takes note of what agrees. A later call replaces it.
    pub(crate) fn agrees(&self, agreement: Agreement) {
        *self
            .agreement
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(agreement);
    }

    /// What agreed at the end, or else before the run.
    pub(crate) fn agreement(&self) -> Option<Agreement> {
        let now = self
            .agreement
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        now.or_else(|| self.earlier.get()?.agreement.clone())
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

    /// The run has ended in this way, for the reports. A later call replaces it.
    pub(crate) fn run_ended(&self, end: &End, exit: Exit) -> ApplyReport {
        let mut builder = self.builder();
        builder.add(Timestamp::now(), &end.event(exit));
        builder.report()
    }

    /// Ends the event file; no event follows.
    pub(crate) fn last_event(&self, end: &End, exit: Exit) {
        if let Some(file) = &self.file {
            file.write(Timestamp::now(), &end.event(exit));
        }
    }

    /// How the run ended, by now.
    pub(crate) fn end(&self, ending: Ending, traffic: Traffic) -> End {
        End {
            ending,
            traffic,
            elapsed: self.began.elapsed(),
        }
    }

    /// Whether the event file is not complete.
    pub(crate) fn is_cut(&self) -> bool {
        self.file.as_ref().is_some_and(EventFile::is_cut)
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
