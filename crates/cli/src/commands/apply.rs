//! `steersman apply`: plans, asks for approval, applies, verifies.

mod agreement;
mod basis;
mod conclusion;
mod following;
mod purpose;
mod reading_again;
mod replaceable;
mod run;
mod settled;
mod settled_sources;
mod shown;
mod token_arguments;
mod token_work;
mod traffic_line;
mod unattended;

pub(crate) use token_arguments::TokenArguments;
pub(crate) use token_work::TokenChange;

use crate::arguments::{
    CommandArguments, GuardArguments, JournalArgument, SelectionArguments, SpecArguments,
    TenantArguments,
};
use crate::assessment::Assessment;
use crate::caller_notes;
use crate::confirmation::confirm;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::journals;
use crate::loading::load_spec;
use crate::notices::{Unattended, UnattendedArguments, Watched, unloaded};
use crate::output::Output;
use crate::outputs::ReportArguments;
use crate::progress::Whole;
use crate::run_log::RunLog;
use crate::saved_plan::Approval;
use crate::session::Session;
use crate::stores;
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use conclusion::{Conclusion, NextRun};
use model::{AccountReport, Ending, Outcome, Spec, visible};
use owo_colors::OwoColorize;
use planner::Selection;
use purpose::Purpose;
use reading_again::read_again;
use render::saved_plan::{Binding, FileDigest};
use render::{counted, outcome_text};
use run::{Permitted, Run};
use shown::{show_plan, show_waiting};
use spec::Loaded;
use std::time::Duration;
use std::time::Instant;
use unattended::{How, Told};

/// Show the plan, ask for approval, apply it, and verify the result
///
/// Example: `steersman apply accounts --simulate=tenant.json`
///
/// After the last step, apply reads the tenant again and plans again. It succeeds
/// when that plan is empty.
#[derive(Debug, Args)]
pub(crate) struct Apply {
    #[arg(skip)]
    purpose: Purpose,
    #[command(flatten)]
    spec: SpecArguments,
    #[command(flatten)]
    tenant: TenantArguments,
    #[command(flatten)]
    commands: CommandArguments,
    #[command(flatten)]
    guards: GuardArguments,
    #[command(flatten)]
    selection: SelectionArguments,
    /// Apply the plan that `plan --save FILE` saved, once, without asking
    ///
    /// Example: `steersman apply accounts --plan plan.json`
    ///
    /// Repeat the paths, --only, --except and --allow that the plan was saved with:
    /// the file does not supply them. Steps that are no longer needed are left out.
    /// Steps that are needed and were not saved make the plan stale: apply exits with 5
    /// and changes nothing. Only what became due with time, or what a store shows that
    /// was not asked for the saved plan, is left to the next plan.
    #[arg(long = "plan", value_name = "FILE")]
    saved: Option<Utf8PathBuf>,
    /// Refuse a saved plan with another digest; `plan --save` prints it
    ///
    /// Example: `--plan-digest sha256:…`
    ///
    /// Hand the digest over by another channel than the file, for example as the
    /// output of a CI job.
    #[arg(long, value_name = "DIGEST", requires = "saved")]
    plan_digest: Option<FileDigest>,
    /// Apply without asking for approval
    #[arg(long)]
    auto_approve: bool,
    /// Exit with 7 if an account holder or an ISC admin must still act
    #[arg(long)]
    require_complete: bool,
    /// Seconds to wait for a new identity, and for each ISC task
    #[arg(long, value_name = "SECONDS", default_value_t = Self::WAIT)]
    wait: u64,
    /// How many steps run at a time; by default what the rate limit feeds
    ///
    /// Example: `--parallelism 4`
    ///
    /// With the default share of the rate limit, 8. Requests are within the limit
    /// with any number.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=100))]
    parallelism: Option<u16>,
    #[command(flatten)]
    journal: JournalArgument,
    #[command(flatten)]
    reports: ReportArguments,
    #[command(flatten)]
    unattended: UnattendedArguments,
}

/// How an apply ended; without an ending where no plan was applied.
struct Ended {
    exit: Exit,
    ending: Option<Ending>,
}

impl Ended {
    fn with(ending: Ending, exit: Exit) -> Self {
        Self {
            exit,
            ending: Some(ending),
        }
    }
}

impl Apply {
    /// How many seconds are waited for ISC, where no other number is given.
    const WAIT: u64 = 900;

    pub(crate) async fn run(
        &self,
        interrupts: &Interrupts,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        self.reports.check(self.unattended.metrics())?;
        let selection = self.selection.selection();
        let approval = match &self.saved {
            Some(path) => Some(self.approval(path, &selection)?),
            None => None,
        };
        let (spec, loaded) = match load_spec(&self.spec, &self.tenant, output) {
            Ok(loaded) => loaded,
            Err(failure) => {
                let told = (&self.unattended, &self.spec, &self.tenant);
                let run = ("apply", self.reports.record());
                unloaded(told, run, (&failure, Instant::now()), output).await;
                return Err(failure);
            }
        };
        if let Some(approval) = &approval {
            approval.check_spec(&spec)?;
        }
        // A change of named tokens is made by a person who sees how it ends.
        let receivers = match self.purpose {
            Purpose::Everything => spec.notify.as_slice(),
            Purpose::Tokens(_) => &[],
        };
        let record = self.reports.record();
        let unattended = Unattended::new(
            &self.unattended,
            &self.spec,
            &self.tenant,
            receivers,
            record,
        )?;
        let watched = unattended.watched();
        let permitted = Permitted {
            purpose: self.purpose.clone(),
            approval,
            selection,
            allow: self.guards.allowances(),
        };
        let log = self.reports.open(output)?;
        let session = Session::open(&spec, &self.tenant, output).await?;
        session.meter().tell(&log);
        let channels = Channels {
            log: &log,
            interrupts,
            watched: &watched,
        };
        let run = self.apply(&spec, &loaded, &session, &permitted, channels, output);
        let ended = Box::pin(run).await;
        if interrupts.has_begun_writing() {
            output.talk(&traffic_line::of(session.meter().traffic()));
        }
        let told = Told {
            unattended: &unattended,
            watched: &watched,
            record: self.reports.record(),
        };
        let result = Box::pin(self.report(ended, &session, &log, told, output)).await;
        session.close().await?;
        result
    }

    /// Writes the reports of a run, if a plan was applied.
    ///
    /// # Errors
    /// The failure of a run that did not begin.
    async fn report(
        &self,
        ended: Result<Ended, Failure>,
        session: &Session,
        log: &RunLog,
        told: Told<'_>,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        let how = match &ended {
            Ok(Ended { exit, ending }) => How::Ended(*exit, *ending),
            Err(failure) => How::Failed(failure),
        };
        let (notices, lost) = told.tell(how, session, log, output).await;
        let (ending, exit) = match ended {
            Ok(Ended {
                exit,
                ending: Some(ending),
            }) => (ending, exit),
            Ok(Ended { exit, ending: None }) => return Ok(exit),
            // Steps were applied before it.
            Err(failure) if log.who().is_some() => {
                failure.report(output);
                (Ending::NotVerified, failure.exit())
            }
            Err(failure) => {
                if let Some(lost) = lost {
                    lost.report(output);
                }
                return Err(failure);
            }
        };
        let exit = match &lost {
            Some(lost) => {
                lost.report(output);
                exit.with_lost_result()
            }
            None => exit,
        };
        let end = log.end(ending, session.meter().traffic());
        let spec = self.spec.paths();
        let spec = spec.first().map(Utf8PathBuf::as_path);
        Ok(self
            .reports
            .write(log, spec, &end, (exit, &notices), output))
    }

    /// Reads the saved plan and compares it with what is given beside it.
    ///
    /// # Errors
    /// A file that is not the approved one, cannot be taken for a saved plan, is used,
    /// or was saved with other arguments.
    fn approval(&self, path: &Utf8Path, selection: &Selection) -> Result<Approval, Failure> {
        let approval = Approval::read(path, self.plan_digest.as_ref())?;
        approval.check_given(Binding {
            // Known only with the session, and checked then.
            tenant: "",
            paths: &self.spec.paths(),
            selection,
            allowances: &self.guards.allowed,
        })?;
        Ok(approval)
    }

    async fn apply(
        &self,
        spec: &Spec,
        loaded: &Loaded,
        session: &Session,
        permitted: &Permitted,
        channels: Channels<'_>,
        output: &mut Output,
    ) -> Result<Ended, Failure> {
        let Channels {
            log,
            interrupts,
            watched,
        } = channels;
        self.reports.check_tenant(log, &session.tenant_name())?;
        if let Some(approval) = &permitted.approval {
            approval.check_tenant(session.identity().as_deref())?;
        }
        // Kept until the end.
        let _lock = journals::lock(session, self.journal.path())?;
        let journal = journals::open(session, self.journal.path(), output)?;
        if let Some(approval) = &permitted.approval {
            approval.check_unused(&journal)?;
        }
        // Only now may a store be asked, which can run a program.
        // Approval of the plan is not approval of the programs.
        let may_ask = !self.auto_approve;
        let stores = stores::open_to_write(spec, session, self.commands, may_ask, output).await?;
        let (first, due) = permitted
            .assess(spec, loaded, session, &journal, &stores, output)
            .await?;
        watched.see(spec, &first);
        caller_notes::show(&first.live, session, output);
        stores::show_notices(&stores, output);
        stores::show_not_asked(&stores, output);
        show_plan(&first, session, output)?;
        if !first.plan.is_applyable() {
            return Err(Failure::Refused(
                "a guard refuses this plan; nothing was changed".to_owned(),
            ));
        }
        if first.plan.is_empty() {
            log.run_starts(&first.plan, session.tenant_name(), &first.live.caller);
            self.note_agreement(spec, &first, log);
            let exit = self.settle(&first, Applied::Nothing, spec, session, output);
            return Ok(Ended::with(Ending::NothingToDo, exit));
        }
        let question = format!(
            "\nApply {} to {} as {}?",
            counted(first.plan.steps.len(), "step"),
            visible(&session.tenant_name()),
            visible(&first.plan.user)
        );
        match &permitted.approval {
            // The saved plan was reviewed, and a pipeline cannot answer.
            Some(approval) => approval.use_up(&journal)?,
            None => {
                if !self.auto_approve && !confirm(output, &question)? {
                    output.talk("nothing was changed");
                    return Ok(Ended {
                        exit: Exit::Error,
                        ending: None,
                    });
                }
            }
        }

        let run = Run {
            spec,
            session,
            stores: &stores,
            journal: &journal,
            permitted,
            log,
            watched,
            cancel: &interrupts.writing(),
        };
        watched.forget();
        let mut outcome = self.execute(&first, &run).await;
        output.lines(&outcome_text(&outcome));
        if outcome.interrupted {
            return Ok(Ended::with(Ending::Interrupted, self.interrupted(output)));
        }
        let Some(mut second) = read_again(&run, (&first.plan, &outcome), output).await else {
            return Ok(Ended::with(Ending::NotVerified, Exit::Partial));
        };
        settled::by(&second.plan, &mut outcome, log);
        second
            .plan
            .steps
            .retain(|step| !due.contains(&step.address));
        let mut command = self.purpose.command();
        if outcome.all_done()
            && let Some(why) = self.purpose.why_follows(&first.plan, &second.plan)
            && {
                // What is left out now is applied with all the rest.
                Purpose::APPLY.clone_into(&mut command);
                self.may_follow(&mut second, why, &run, output)?
            }
        {
            command = self.purpose.command();
            let next = self.execute(&second, &run).await;
            output.lines(&outcome_text(&next));
            if next.interrupted {
                return Ok(Ended::with(Ending::Interrupted, self.interrupted(output)));
            }
            let third = read_again(&run, (&second.plan, &next), output).await;
            outcome.steps.extend(next.steps);
            outcome.refused += next.refused;
            let Some(third) = third else {
                return Ok(Ended::with(Ending::NotVerified, Exit::Partial));
            };
            second = third;
            settled::by(&second.plan, &mut outcome, log);
        }
        self.note_agreement(spec, &second, log);
        let changes = session.reader().changes();
        let conclusion = Conclusion::of(&outcome, second.plan.is_empty(), changes);
        if conclusion == Conclusion::Verified {
            self.purpose.tell_what_follows(output);
            let exit = self.settle(&second, Applied::Steps, spec, session, output);
            return Ok(Ended::with(Ending::Verified, exit));
        }
        if conclusion == Conclusion::Differs {
            output.data(&format!(
                "\n{} after apply, the tenant still differs from the spec:\n",
                "verification failed:".red().bold()
            ));
            if let Err(failure) = show_plan(&second, session, output) {
                failure.report(output);
            }
        }
        show_waiting(&second, spec, session, output);
        let next = match permitted.approval {
            Some(_) => NextRun::SavePlan,
            None => NextRun::Again(command),
        };
        if let Some(text) = conclusion.text(next) {
            output.talk(&text);
        }
        Ok(Ended::with(conclusion.ending(), conclusion.exit()))
    }

    /// Takes note of what agrees, for the record.
    fn note_agreement(&self, spec: &Spec, last: &Assessment, log: &RunLog) {
        if self.reports.keeps_record() {
            let earlier = log.earlier().and_then(|record| record.agreement.as_ref());
            log.agrees(agreement::of(spec, &self.spec.paths(), &last.live, earlier));
        }
    }

    /// Whether the steps that follow from the apply are applied with it. Those of a
    /// saved plan were not approved, and are left to the next one.
    fn may_follow(
        &self,
        next: &mut Assessment,
        why: &str,
        run: &Run<'_>,
        output: &mut Output,
    ) -> Result<bool, Failure> {
        if run.permitted.approval.is_some() {
            for step in next.plan.steps.drain(..) {
                output.talk(&format!(
                    "note: {} became possible with this apply; the next plan contains it",
                    step.address
                ));
            }
            return Ok(false);
        }
        if !next.plan.is_applyable() {
            return Ok(false);
        }
        output.data(&format!("\n{why}\n"));
        show_plan(next, run.session, output)?;
        let question = format!("\nApply {} more?", counted(next.plan.steps.len(), "step"));
        Ok(self.auto_approve || confirm(output, &question)?)
    }

    fn interrupted(&self, output: &mut Output) -> Exit {
        let command = self.purpose.command();
        output.talk(&format!(
            "interrupted: run `steersman {command}` again to continue"
        ));
        Exit::Partial
    }

    async fn execute(&self, assessment: &Assessment, run: &Run<'_>) -> Outcome {
        let wait = Duration::from_secs(self.wait);
        let options = applier::Options {
            identity_timeout: wait,
            task_timeout: wait,
            parallelism: self.parallelism(),
            read_at: Some(assessment.read_at),
            ..applier::Options::default()
        };
        let whole = Whole {
            steps: assessment.plan.steps.len(),
            wait,
            reader: run.session.reader().clone(),
        };
        let plan = &assessment.plan;
        let caller = &assessment.live.caller;
        run.log.run_starts(plan, run.session.tenant_name(), caller);
        run.log.run_executes(whole);
        let writer = run.session.writer();
        let outcome = applier::apply(
            plan,
            &writer,
            run.stores,
            run.journal,
            &options,
            run.log,
            run.cancel,
        )
        .await;
        run.log.run_rests();
        outcome
    }

    /// How many steps run at a time: one for each request that the budget lets through in
    /// a second, unless another number is given.
    fn parallelism(&self) -> usize {
        let by_budget = || match self.tenant.rate_share.requests() {
            Some(requests) => usize::try_from(requests.get() / 10).unwrap_or(1).max(1),
            None => applier::Options::default().parallelism,
        };
        self.parallelism.map_or_else(by_budget, usize::from)
    }

    /// Lists the accounts that need action, after every possible step is done.
    fn settle(
        &self,
        last: &Assessment,
        applied: Applied,
        spec: &Spec,
        session: &Session,
        output: &mut Output,
    ) -> Exit {
        show_waiting(last, spec, session, output);
        let waits = last
            .plan
            .accounts
            .iter()
            .any(AccountReport::waits_for_a_person);
        if !last.plan.incomplete.is_empty() {
            Exit::of_partial_read(last.plan.incomplete.values())
        } else if last.plan.has_blocking_problem() || self.purpose.is_blocked() {
            let (what, exit) = match applied {
                Applied::Steps => ("applied, except for what is blocked", Exit::Partial),
                Applied::Nothing => ("nothing was applied", Exit::Error),
            };
            let cause = if self.purpose.is_blocked() {
                "what blocks the tokens"
            } else {
                "the problems of the spec at this tenant"
            };
            let command = self.purpose.command();
            output.talk(&format!(
                "{what}: fix {cause}, then run `steersman {command}` again"
            ));
            exit
        } else if self.require_complete && (waits || !last.plan.is_complete()) {
            Exit::Incomplete
        } else {
            Exit::Done
        }
    }
}

/// Where a run tells what it does, and is told to stop.
#[derive(Clone, Copy)]
struct Channels<'a> {
    log: &'a RunLog,
    interrupts: &'a Interrupts,
    watched: &'a Watched,
}

/// What an apply has done when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Applied {
    /// All steps.
    Steps,
    /// Nothing: there was no step.
    Nothing,
}
