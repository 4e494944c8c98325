//! `steersman apply`: plans, asks for approval, applies, verifies.

mod conclusion;

use crate::arguments::{
    CommandArguments, GuardArguments, SelectionArguments, SpecArguments, TenantArguments,
};
use crate::assessment::{Assessment, assess_selected};
use crate::caller_notes;
use crate::confirmation::confirm;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::journals;
use crate::loading::load_spec;
use crate::next_command::next_command;
use crate::output::Output;
use crate::problem_report::refuse_problems;
use crate::progress::Progress;
use crate::saved_plan::Approval;
use crate::selection_report::refuse_unmatched;
use crate::session::Session;
use crate::stores;
use crate::terminal_size;
use applier::{Cancel, Journal, Stores};
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use conclusion::{Conclusion, NextRun};
use model::{Address, Outcome, Spec, visible};
use owo_colors::OwoColorize;
use planner::{Allowances, Selection};
use render::saved_plan::{Binding, FileDigest};
use render::terminal::{self, Layout};
use render::view::{PlanView, waiting};
use render::{counted, outcome_text};
use spec::Loaded;
use std::collections::BTreeSet;
use std::time::Duration;

/// Show the plan, ask for approval, apply it, and verify the result
///
/// Example: `steersman apply accounts --simulate=tenant.json`
///
/// After the last step, apply reads the tenant again and plans again. It succeeds
/// when that plan is empty.
#[derive(Debug, Args)]
pub(crate) struct Apply {
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
    /// Steps that were not saved are left to the next plan.
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
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    wait: u64,
    /// Journal of started operations; the next run uses it to recover
    #[arg(long, value_name = "FILE")]
    journal: Option<Utf8PathBuf>,
}

/// What the operator allowed this run to apply.
struct Permitted {
    /// The saved plan, with `--plan`.
    approval: Option<Approval>,
    selection: Selection,
    allow: Allowances,
}

impl Permitted {
    /// Plans, and reduces the plan to the saved one. Also returns the steps that
    /// became due after the plan was saved: they are left to the next plan.
    ///
    /// # Errors
    /// A plan that cannot be applied, or that the saved plan does not cover.
    async fn assess(
        &self,
        spec: &Spec,
        loaded: &Loaded,
        session: &Session,
        journal: &Journal,
        stores: &Stores,
        output: &mut Output,
    ) -> Result<(Assessment, BTreeSet<Address>), Failure> {
        let reader = session.reader();
        let (allow, selection) = (&self.allow, &self.selection);
        let mut assessment = assess_selected(
            spec,
            reader,
            stores,
            &journal.unfinished(),
            allow,
            selection,
        )
        .await?;
        refuse_problems(&assessment.plan, loaded, output)?;
        let Some(approval) = &self.approval else {
            refuse_unmatched(&assessment.plan)?;
            return Ok((assessment, BTreeSet::new()));
        };
        let due = approval.restrict(spec, &mut assessment, allow, selection)?;
        for address in &due {
            output.talk(&format!(
                "note: {address} became due after the plan was saved; the next plan contains it"
            ));
        }
        Ok((assessment, due))
    }
}

impl Apply {
    pub(crate) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let selection = self.selection.selection();
        let approval = match &self.saved {
            Some(path) => Some(self.approval(path, &selection)?),
            None => None,
        };
        let (spec, loaded) = load_spec(&self.spec, &self.tenant, output)?;
        if let Some(approval) = &approval {
            approval.check_spec(&spec)?;
        }
        let permitted = Permitted {
            approval,
            selection,
            allow: self.guards.allowances(),
        };
        let session = Session::open(&spec, &self.tenant, output).await?;
        let result = self
            .apply(&spec, &loaded, &session, &permitted, output)
            .await;
        session.close().await?;
        result
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
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        if let Some(approval) = &permitted.approval {
            approval.check_tenant(session.identity().as_deref())?;
        }
        let journal = journals::open(session, self.journal.as_deref(), output)?;
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
        caller_notes::show(&first.live, session, output);
        stores::show_notices(&stores, output);
        stores::show_not_asked(&stores, output);
        show_plan(&first, session, output);
        if !first.plan.is_applyable() {
            return Err(Failure::Refused(
                "a guard refuses this plan; nothing was changed".to_owned(),
            ));
        }
        if first.plan.is_empty() {
            return Ok(self.settle(&first, Applied::Nothing, spec, session, output));
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
                    return Ok(Exit::Error);
                }
            }
        }

        let outcome = self
            .execute(&first, session, &stores, &journal, output)
            .await;
        output.data(&outcome_text(&outcome));
        if outcome.interrupted {
            output.talk("interrupted: run `steersman apply` again to continue");
            return Ok(Exit::Partial);
        }
        // The allowances were for the plan that was just applied.
        let none = Allowances::default();
        let reader = session.reader();
        let second = assess_selected(
            spec,
            reader,
            &stores,
            &journal.unfinished(),
            &none,
            &permitted.selection,
        )
        .await;
        let mut second = match second {
            Ok(second) => second,
            Err(failure) => {
                failure.report(output);
                output.talk("applied, but not verified: the tenant could not be read again; run `steersman plan` to see what is left");
                return Ok(Exit::Partial);
            }
        };
        second
            .plan
            .steps
            .retain(|step| !due.contains(&step.address));
        let conclusion = Conclusion::of(&outcome, second.plan.is_empty());
        if conclusion == Conclusion::Verified {
            return Ok(self.settle(&second, Applied::Steps, spec, session, output));
        }
        if conclusion == Conclusion::Differs {
            output.data(&format!(
                "\n{} after apply, the tenant still differs from the spec:\n",
                "verification failed:".red().bold()
            ));
            show_plan(&second, session, output);
        }
        show_waiting(&second, spec, session, output);
        let next = match permitted.approval {
            Some(_) => NextRun::SavePlan,
            None => NextRun::Apply,
        };
        if let Some(text) = conclusion.text(next) {
            output.talk(&text);
        }
        Ok(conclusion.exit())
    }

    async fn execute(
        &self,
        first: &Assessment,
        session: &Session,
        stores: &Stores,
        journal: &Journal,
        output: &mut Output,
    ) -> Outcome {
        let wait = Duration::from_secs(self.wait);
        let options = applier::Options {
            identity_timeout: wait,
            task_timeout: wait,
            ..applier::Options::default()
        };
        let cancel = Cancel::new();
        let interrupt = cancel.clone();
        let listener = tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                interrupt.cancel();
            }
        });
        let progress = Progress::new(output);
        let writer = session.writer();
        let outcome = applier::apply(
            &first.plan,
            &writer,
            stores,
            journal,
            &options,
            &progress,
            &cancel,
        )
        .await;
        listener.abort();
        outcome
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
        let waits = show_waiting(last, spec, session, output);
        if !last.plan.incomplete.is_empty() {
            Exit::of_partial_read(last.plan.incomplete.values())
        } else if last.plan.has_blocking_problem() {
            let (what, exit) = match applied {
                Applied::Steps => ("applied, except for what is blocked", Exit::Partial),
                Applied::Nothing => ("nothing was applied", Exit::Error),
            };
            output.talk(&format!(
                "{what}: fix the problems of the spec at this tenant, then run `steersman apply` again"
            ));
            exit
        } else if self.require_complete && (waits || !last.plan.is_complete()) {
            Exit::Incomplete
        } else {
            Exit::Done
        }
    }
}

/// What an apply has done when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Applied {
    /// All steps.
    Steps,
    /// Nothing: there was no step.
    Nothing,
}

fn show_plan(assessment: &Assessment, session: &Session, output: &mut Output) {
    let there = assessment.accounts_there();
    let view = PlanView::new(&assessment.plan, &there, None, |_| None)
        .calling_tenant(&session.tenant_name());
    let layout = Layout::terminal(terminal_size::columns(), false);
    output.data(&terminal::plan(&view, layout));
}

fn show_waiting(
    assessment: &Assessment,
    spec: &Spec,
    session: &Session,
    output: &mut Output,
) -> bool {
    let waiting = waiting(&assessment.plan, |account| {
        next_command(session, spec, account)
    });
    let waiting = terminal::waiting(&waiting, Layout::terminal(terminal_size::columns(), false));
    if !waiting.is_empty() {
        output.data(&format!("\n{waiting}"));
    }
    !waiting.is_empty()
}
