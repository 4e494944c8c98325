//! What an apply reports to those who do not watch it: notices and metrics.

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::notices::{Reported, Unattended, Watched};
use crate::output::Output;
use crate::records::{self, Notices};
use crate::run_log::RunLog;
use crate::session::Session;
use camino::Utf8Path;
use jiff::Timestamp;
use model::Ending;
use render::apply_report::ResultDocument;
use render::run_facts::RunFacts;

/// Who is to hear of a run, and what was seen.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    pub(super) unattended: &'a Unattended,
    pub(super) watched: &'a Watched,
    /// The file of the record.
    pub(super) record: Option<&'a Utf8Path>,
}

/// How a run ended.
#[derive(Clone, Copy)]
pub(super) enum How<'a> {
    /// With this exit code; without an ending where no plan was applied.
    Ended(Exit, Option<Ending>),
    /// With this failure.
    Failed(&'a Failure),
}

impl Told<'_> {
    /// Sends the notices of a run and writes its metrics. A run that was interrupted or not
    /// approved is reported to none: a person has seen it. Returns which notices were sent,
    /// and why metrics were not written.
    pub(super) async fn tell(
        self,
        how: How<'_>,
        session: &Session,
        log: &RunLog,
        output: &mut Output,
    ) -> (Notices, Option<Failure>) {
        if let How::Ended(_, None | Some(Ending::Interrupted)) = how {
            let earlier = self.record.and_then(records::notices);
            let notices = Notices {
                before: earlier.clone(),
                after: earlier,
                turn: None,
            };
            return (notices, None);
        }
        let run = facts(how, session, log, self.watched);
        let Reported {
            notices,
            metrics: _,
            lost,
        } = self.unattended.report(&run, self.record, output).await;
        let has_record = log.who().is_some();
        if let (Some(path), Some(_), false) = (self.record, &notices.after, has_record)
            && let Err(failure) = records::replace_notices(path, &notices)
        {
            failure.report(output);
        }
        (notices, lost)
    }
}

fn facts(how: How<'_>, session: &Session, log: &RunLog, watched: &Watched) -> RunFacts {
    let (exit, ending) = match how {
        How::Ended(exit, ending) => (exit, ending.unwrap_or(Ending::Nothing)),
        How::Failed(failure) => (failure.exit(), Ending::NotVerified),
    };
    let end = log.end(ending, session.meter().traffic());
    let report = log.run_ended(&end, exit);
    let error = match how {
        How::Failed(failure) => Some(failure.text()),
        How::Ended(..) => report.causes.first().map(|cause| cause.error.clone()),
    };
    let failed = report.steps.iter().filter_map(|step| match &step.result {
        ResultDocument::Failed { error, help: _ }
        | ResultDocument::SentNotVerified { error, help: _ } => {
            Some((step.address.clone(), error.clone()))
        }
        ResultDocument::Done { .. }
        | ResultDocument::Skipped { .. }
        | ResultDocument::Blocked { .. }
        | ResultDocument::NeverTried => None,
    });
    RunFacts {
        command: "apply",
        tenant: session.tenant_name(),
        ended: Timestamp::now(),
        elapsed: std::time::Duration::try_from_secs_f64(report.seconds).unwrap_or_default(),
        exit_code: exit.number(),
        traffic: session.meter().traffic(),
        error,
        failed_steps: log.who().is_some().then(|| failed.collect()),
        seen: watched.take(),
    }
}
