//! One comparison of files and tenant: reads, finds the drifts, and decides the exit code.

use super::arguments::{ComparisonArguments, Records};
use super::who;
use crate::assessment::{Assessment, Facts as Read, assess};
use crate::caller_notes;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::git_commit;
use crate::journals;
use crate::output::Output;
use crate::records::{self, Notices};
use crate::selection_report::refuse_unmatched;
use crate::session::Session;
use crate::stores;
use camino::{Utf8Path, Utf8PathBuf};
use model::{Plan, Problem, Spec, Unasked};
use planner::Allowances;
use render::apply_report::{Record, RunBy};
use render::drift::{self, Agreement, DriftReport, Facts, Given, Reading, Renewing};
use render::run_facts::Seen;
use render::seen_by_drift;
use std::time::Instant;

/// What one comparison found.
pub(crate) struct Round {
    pub(crate) report: DriftReport,
    pub(crate) plan: Plan,
    pub(crate) exit: Exit,
    /// What notices and metrics are made from.
    seen: Seen,
    /// The record of the next run.
    record: Record,
    notices: Notices,
}

impl Round {
    /// What notices and metrics are made from.
    pub(super) fn take_seen(&mut self) -> Seen {
        std::mem::take(&mut self.seen)
    }

    /// Keeps in the record which notices were sent.
    pub(super) fn sent(&mut self, notices: Notices) {
        self.notices = notices;
    }

    /// Writes the record, where one is kept: whole or not at all. What another run knows
    /// better by now stays.
    ///
    /// # Errors
    /// A file that cannot be read or written.
    pub(crate) fn keep(&self, arguments: &ComparisonArguments) -> Result<(), Failure> {
        match &arguments.record {
            Some(path) => records::keep(path, &self.record, &self.notices),
            None => Ok(()),
        }
    }
}

/// Reads the tenant and compares it with the files.
///
/// # Errors
/// A record of another tenant, or a tenant that cannot be read. A partial read is no
/// error: the report says so.
pub(crate) async fn compare(
    arguments: &ComparisonArguments,
    (spec, session): (&Spec, &Session),
    records: &Records,
    began: Instant,
    output: &mut Output,
) -> Result<Round, Failure> {
    let tenant = session.tenant_name();
    records.check_tenant(&tenant)?;
    let stores = stores::open_to_plan(spec, session, arguments.stores);
    let facts = Read {
        stores: &stores,
        earlier: &journals::earlier(session, arguments.journal.path(), output)?,
        unasked: Unasked::Assumed,
        settled: Read::NOTHING_SETTLED,
    };
    let Assessment {
        live,
        plan,
        read_at: _,
    } = assess(spec, session.reader(), facts, &Allowances::default()).await?;
    caller_notes::show(&live, session, output);
    stores::show_notices(&stores, output);
    stores::show_left_out(&stores, arguments.stores, output);
    stores::show_may_be_issuers(&plan, output);

    let compared = planner::compared(spec, &live, &plan);
    let facts = Facts {
        plan: &plan,
        compared: &compared,
        record: records.known(),
        since: records.since(),
    };
    let mut found = drift::find(facts);
    if arguments.who {
        let (record, now) = (records.known(), live.observed_at);
        who::look_up(&mut found.drifts, spec, record, session.reader(), now).await;
    }
    let paths = arguments.spec.paths();
    let commit = git_commit::of(
        paths
            .first()
            .map_or(Utf8Path::new("."), Utf8PathBuf::as_path),
    );
    let caller = RunBy {
        name: live.caller.name(),
        identity: live.caller.identity.as_ref().map(ToString::to_string),
        client_id: live.caller.client_id.to_string(),
    };
    let renewing = Renewing {
        who: caller,
        commit: commit.clone(),
    };
    let agreement: Agreement = drift::renew(facts, &found, renewing);
    let mut report = drift::report(Given {
        spec,
        plan: &plan,
        found,
        tokens: &planner::token_list(spec, &live, &plan),
        tenant: tenant.clone(),
        commit,
        record: records.used(),
        known: records.since().or(records.known()),
        causes: &arguments.causes(),
        within: arguments.within(),
        traffic: session.meter().traffic(),
        elapsed: began.elapsed(),
    });
    let record = Record::of_reading(records.kept.clone(), tenant, agreement);
    // Notices are of the whole: what is not shown is not over.
    let seen = seen_by_drift(Seen::of(spec, &live, &plan), &report);
    let selection = arguments.selection();
    if !selection.is_everything() {
        let (now, all) = (live.observed_at, Allowances::default());
        refuse_unmatched(&planner::plan_selected(spec, &live, now, &all, &selection))?;
        drift::cut(&mut report, |address, name| {
            selection.selects(address, name)
        });
    }
    let exit = exit_of(&report, &plan, arguments.expiring_within.is_some());
    report.exit_code = exit.number();
    Ok(Round {
        report,
        plan,
        exit,
        seen,
        record,
        notices: Notices::default(),
    })
}

/// What is missing in a partial read may be drift, so it comes first.
fn exit_of(report: &DriftReport, plan: &Plan, expiring_counts: bool) -> Exit {
    match report.reading {
        Reading::Incomplete { .. } => Exit::of_partial_read(plan.incomplete.values()),
        Reading::Complete if !plan.problems.iter().all(Problem::is_warning) => Exit::Error,
        Reading::Complete
            if report.summary.counted > 0 || (expiring_counts && report.summary.expiring > 0) =>
        {
            Exit::Changes
        }
        Reading::Complete => Exit::Done,
    }
}
