//! `steersman plan`.

use crate::arguments::{GuardArguments, SelectionArguments, SpecArguments, TenantArguments};
use crate::assessment::{assess_selected, load_spec};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::outputs::OutputArguments;
use crate::problem_report::refuse_problems;
use crate::saved_plan;
use crate::selection_report::refuse_unmatched;
use crate::tenant::{Session, hint};
use applier::Stores;
use camino::Utf8PathBuf;
use clap::Args;
use model::Spec;
use render::saved_plan::Binding;
use render::view::PlanView;
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
    #[command(flatten)]
    selection: SelectionArguments,
    /// Save the plan, to be applied once with `apply --plan FILE`
    #[arg(long, value_name = "FILE")]
    save: Option<Utf8PathBuf>,
    #[command(flatten)]
    outputs: OutputArguments,
    /// Exit with 2 where there are changes, with 0 where there are none
    #[arg(long)]
    detailed_exitcode: bool,
}

impl PlanCommand {
    pub(crate) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        self.outputs.check()?;
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
        let selection = self.selection.selection();
        let tenant = self.tenant_of_saved(session)?;
        let reader = session.reader();
        let unfinished = session.unfinished()?;
        let assessment =
            assess_selected(spec, reader, &stores, &unfinished, &allow, &selection).await?;
        let plan = &assessment.plan;
        refuse_unmatched(plan)?;

        let there = assessment.accounts_there();
        let view = PlanView::new(plan, &there, Some(loaded), |account| {
            hint(session, spec, account)
        });
        // The files are whole before anything else is said, also about a plan
        // that cannot be applied.
        let shown = self.outputs.write(plan, &view)?;
        if let Some(text) = shown {
            output.data(&text);
        } else if plan.problems.is_empty() {
            output.data(&self.outputs.terminal(&view));
        }
        refuse_problems(plan, loaded, output)?;
        if !plan.is_applyable() {
            return Err(Failure::Refused(
                "a guard refuses this plan; it cannot be applied".to_owned(),
            ));
        }
        if let (Some(path), Some(tenant)) = (&self.save, tenant) {
            let binding = Binding {
                tenant: &tenant,
                paths: &self.spec.paths(),
                selection: &selection,
                allowances: &self.guards.allowed,
            };
            saved_plan::write(path, plan, binding)?;
            let simulate = match &self.tenant.simulate {
                Some(state) => format!(" --simulate={state}"),
                None => String::new(),
            };
            output.talk(&format!(
                "saved; `steersman apply --plan {path}{simulate}` applies it once"
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
    /// What a plan that is to be saved is bound to.
    fn tenant_of_saved(&self, session: &Session) -> Result<Option<String>, Failure> {
        let tenant = session.identity();
        if self.save.is_some() && tenant.is_none() {
            return Err(Failure::Usage {
                message: "a plan for a simulated tenant that is not kept can never be applied"
                    .to_owned(),
                help: "keep the tenant with --simulate=FILE".to_owned(),
            });
        }
        Ok(tenant)
    }
}
