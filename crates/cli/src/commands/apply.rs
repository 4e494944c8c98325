//! `steersman apply`.

use crate::arguments::{GuardArguments, SpecArguments, TenantArguments};
use crate::assessment::{Assessment, assess, load_spec};
use crate::confirmation::confirm;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::problem_report::refuse_problems;
use crate::progress::Progress;
use crate::render::style::counted;
use crate::render::{account_list, outcome_text, plan_text};
use crate::tenant::{Session, hint};
use crate::view::plan::PlanView;
use applier::{Cancel, Journal, Stores};
use camino::Utf8PathBuf;
use clap::Args;
use model::{Outcome, Spec, StepResult};
use owo_colors::OwoColorize;
use planner::Allowances;
use spec::Loaded;
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

impl Apply {
    pub(crate) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let (spec, loaded) = load_spec(&self.spec, output)?;
        let session = Session::open(&spec, &self.tenant, output).await?;
        let result = self.apply(&spec, &loaded, &session, output).await;
        session.close().await?;
        result
    }

    async fn apply(
        &self,
        spec: &Spec,
        loaded: &Loaded,
        session: &Session,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        let stores = Stores::new(&spec.stores);
        let journal = session.journal(self.journal.as_deref())?;
        let allow = self.guards.allowances();
        let first = assess(spec, session.reader(), &stores, Some(&journal), &allow).await?;
        refuse_problems(&first.plan, loaded, output)?;
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
        if !self.auto_approve && !confirm(output, &question)? {
            output.talk("nothing was changed");
            return Ok(Exit::Error);
        }

        let outcome = self
            .execute(&first, session, &stores, &journal, output)
            .await;
        output.data(&outcome_text::render(&outcome));
        if outcome.interrupted {
            output.talk("interrupted: run apply again to go on");
            return Ok(Exit::Partial);
        }
        // What was allowed was for the plan that has been carried out.
        let none = Allowances::default();
        let second = assess(spec, session.reader(), &stores, Some(&journal), &none).await?;
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
        output.talk(if some {
            "applied in part: see above what failed, and run apply again to go on"
        } else {
            "nothing was applied: see above what failed"
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
    let view = PlanView::new(&assessment.plan, &assessment.accounts_there());
    output.data(&plan_text::render(&assessment.plan, &view));
}

fn show_waiting(
    assessment: &Assessment,
    spec: &Spec,
    session: &Session,
    output: &mut Output,
) -> bool {
    let waiting = account_list::waiting(&assessment.plan, |account| hint(session, spec, account));
    if !waiting.is_empty() {
        output.data(&format!("\n{waiting}"));
    }
    !waiting.is_empty()
}
