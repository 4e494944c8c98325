//! `steersman apply`.

use crate::arguments::{GuardArguments, SelectionArguments, SpecArguments, TenantArguments};
use crate::assessment::{Assessment, assess_selected, load_spec};
use crate::confirmation::confirm;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::problem_report::refuse_problems;
use crate::progress::Progress;
use crate::saved_plan::Approval;
use crate::selection_report::refuse_unmatched;
use crate::tenant::{Session, hint};
use crate::terminal_size;
use applier::{Cancel, Journal, Stores};
use camino::Utf8PathBuf;
use clap::Args;
use model::{Address, Outcome, Spec, StepResult};
use owo_colors::OwoColorize;
use planner::{Allowances, Selection};
use render::terminal::{self, Layout};
use render::view::{PlanView, waiting};
use render::{counted, outcome_text};
use spec::Loaded;
use std::collections::BTreeSet;
use std::time::Duration;

/// Show the plan, ask, carry it out, and see that it is so
#[derive(Debug, Args)]
pub(crate) struct Apply {
    #[command(flatten)]
    spec: SpecArguments,
    #[command(flatten)]
    tenant: TenantArguments,
    #[command(flatten)]
    guards: GuardArguments,
    #[command(flatten)]
    selection: SelectionArguments,
    /// Apply what `plan --save FILE` saved: once, without asking, and only what
    /// is still a part of it
    #[arg(long = "plan", value_name = "FILE", conflicts_with_all = ["only", "except", "allowed"])]
    saved: Option<Utf8PathBuf>,
    /// Do not ask
    #[arg(long)]
    auto_approve: bool,
    /// Exit with 7 where an account still waits for somebody
    #[arg(long)]
    require_complete: bool,
    /// How many seconds to wait for an identity to appear, or for a task to end
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    wait: u64,
    /// Where what was begun is written down, so that the next run knows
    #[arg(long, value_name = "FILE")]
    journal: Option<Utf8PathBuf>,
}

/// What a run may do.
struct Permitted {
    /// The saved plan that is applied, if one is.
    approval: Option<Approval>,
    selection: Selection,
    allow: Allowances,
}

impl Permitted {
    /// Makes the plan, and sees that it fits the saved one. The result says
    /// what has become due since that was saved, and is left to the next plan.
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
        let due = approval.restrict(spec, &mut assessment)?;
        for address in &due {
            output.talk(&format!(
                "note: {address} has become due since the plan was saved, and is left to the next one"
            ));
        }
        Ok((assessment, due))
    }
}

impl Apply {
    pub(crate) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let approval = self.saved.as_deref().map(Approval::read).transpose()?;
        let (spec, loaded) = match &approval {
            Some(approval) => {
                let paths = self.spec.or_else(approval.paths());
                load_spec(&paths, output)?
            }
            None => load_spec(&self.spec, output)?,
        };
        let permitted = match approval {
            Some(approval) => {
                approval.check_spec(&spec)?;
                Permitted {
                    selection: approval.selection().clone(),
                    allow: approval.allow().clone(),
                    approval: Some(approval),
                }
            }
            None => Permitted {
                selection: self.selection.selection(),
                allow: self.guards.allowances(),
                approval: None,
            },
        };
        let session = Session::open(&spec, &self.tenant, output).await?;
        let result = self
            .apply(&spec, &loaded, &session, &permitted, output)
            .await;
        session.close().await?;
        result
    }

    async fn apply(
        &self,
        spec: &Spec,
        loaded: &Loaded,
        session: &Session,
        permitted: &Permitted,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        let stores = Stores::new(&spec.stores);
        if let Some(approval) = &permitted.approval {
            approval.check_tenant(session.identity().as_deref())?;
        }
        let journal = session.journal(self.journal.as_deref())?;
        if let Some(approval) = &permitted.approval {
            approval.check_unused(&journal)?;
        }
        let (first, due) = permitted
            .assess(spec, loaded, session, &journal, &stores, output)
            .await?;
        show_plan(&first, output);
        if !first.plan.is_applyable() {
            return Err(Failure::Refused(
                "a guard refuses this plan; nothing was changed".to_owned(),
            ));
        }
        if first.plan.is_empty() {
            return Ok(self.settle(&first, spec, session, output));
        }
        let question = format!("\nCarry out {}?", counted(first.plan.steps.len(), "step"));
        match &permitted.approval {
            // Whoever saved it has seen it; asking again would ask nobody in a workflow.
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
            output.talk("interrupted: run apply again to go on");
            return Ok(Exit::Partial);
        }
        // What was allowed was for the plan that has been carried out.
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
                output.talk("applied, and not verified: the tenant could not be read again; `steersman plan` says whether anything is left");
                return Ok(Exit::Partial);
            }
        };
        second
            .plan
            .steps
            .retain(|step| !due.contains(&step.address));
        if outcome.all_done() && second.plan.is_empty() {
            return Ok(self.settle(&second, spec, session, output));
        }
        if outcome.all_done() {
            output.data(&format!(
                "\n{} the tenant was read again, and this is still different:\n",
                "not settled:".red().bold()
            ));
            show_plan(&second, output);
        }
        show_waiting(&second, spec, session, output);
        let some = outcome.count(|result| matches!(result, StepResult::Done { .. })) > 0;
        let again = if permitted.approval.is_some() {
            "save a new plan to go on, for this one is used"
        } else {
            "run apply again to go on"
        };
        output.talk(&if some {
            format!("applied in part: see above what failed, and {again}")
        } else {
            "nothing was applied: see above what failed".to_owned()
        });
        Ok(if some { Exit::Partial } else { Exit::Error })
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

    /// All that could be done is done: says who has to do what next.
    fn settle(
        &self,
        last: &Assessment,
        spec: &Spec,
        session: &Session,
        output: &mut Output,
    ) -> Exit {
        let waits = show_waiting(last, spec, session, output);
        if !last.plan.incomplete.is_empty() {
            Exit::Unread
        } else if self.require_complete && (waits || !last.plan.is_complete()) {
            Exit::Incomplete
        } else {
            Exit::Done
        }
    }
}

fn show_plan(assessment: &Assessment, output: &mut Output) {
    let there = assessment.accounts_there();
    let view = PlanView::new(&assessment.plan, &there, None, |_| None);
    let layout = Layout::terminal(terminal_size::columns(), false);
    output.data(&terminal::plan(&view, layout));
}

fn show_waiting(
    assessment: &Assessment,
    spec: &Spec,
    session: &Session,
    output: &mut Output,
) -> bool {
    let waiting = waiting(&assessment.plan, |account| hint(session, spec, account));
    let waiting = terminal::waiting(&waiting, Layout::terminal(terminal_size::columns(), false));
    if !waiting.is_empty() {
        output.data(&format!("\n{waiting}"));
    }
    !waiting.is_empty()
}
