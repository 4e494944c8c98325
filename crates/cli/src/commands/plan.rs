//! `steersman plan`.

use crate::arguments::{GuardArguments, SpecArguments, TenantArguments};
use crate::assessment::{assess, load_spec};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::problem_report::refuse_problems;
use crate::render::{account_list, plan_text};
use crate::tenant::{Session, hint};
use crate::view::plan::PlanView;
use applier::Stores;
use clap::Args;
use model::Spec;
use spec::Loaded;

/// Read the tenant and show what has to change; changes nothing
#[derive(Debug, Args)]
pub(crate) struct PlanCommand {
    #[command(flatten)]
    pub(crate) spec: SpecArguments,
    #[command(flatten)]
    pub(crate) tenant: TenantArguments,
    #[command(flatten)]
    guards: GuardArguments,
    /// Exit with 2 where there are changes, with 0 where there are none
    #[arg(long)]
    detailed_exitcode: bool,
}

impl PlanCommand {
    pub(crate) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let (spec, loaded) = load_spec(&self.spec, output)?;
        let session = Session::open(&spec, &self.tenant, output).await?;
        let result = self.plan(&spec, &loaded, &session, output).await;
        session.close().await?;
        result
    }

    async fn plan(
        &self,
        spec: &Spec,
        loaded: &Loaded,
        session: &Session,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        let stores = Stores::new(&spec.stores);
        let allow = self.guards.allowances();
        let assessment = assess(spec, session.reader(), &stores, None, &allow).await?;
        let plan = &assessment.plan;
        refuse_problems(plan, loaded, output)?;

        let view = PlanView::new(plan, &assessment.accounts_there());
        let mut text = plan_text::render(plan, &view);
        if plan.is_empty() {
            let waiting = account_list::waiting(plan, |account| hint(session, spec, account));
            if !waiting.is_empty() {
                text.push('\n');
                text.push_str(&waiting);
            }
        }
        output.data(&text);
        if !plan.is_applyable() {
            return Err(Failure::Refused(
                "a guard refuses this plan; it cannot be applied".to_owned(),
            ));
        }
        if !plan.incomplete.is_empty() {
            return Ok(Exit::Unread);
        }
        Ok(if self.detailed_exitcode && !plan.is_empty() {
            Exit::Changes
        } else {
            Exit::Done
        })
    }
}
