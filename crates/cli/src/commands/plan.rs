//! `steersman plan`: reads the tenant and prints the plan; read-only.

use crate::arguments::{GuardArguments, SelectionArguments, SpecArguments, TenantArguments};
use crate::assessment::assess_selected;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::journals;
use crate::loading::load_spec;
use crate::next_command::next_command;
use crate::output::Output;
use crate::outputs::OutputArguments;
use crate::problem_report::refuse_problems;
use crate::saved_plan;
use crate::selection_report::refuse_unmatched;
use crate::session::Session;
use applier::Stores;
use camino::Utf8PathBuf;
use clap::Args;
use model::Spec;
use render::saved_plan::Binding;
use render::view::PlanView;
use spec::Loaded;

/// Read the tenant and show the changes that apply would make; read-only
///
/// Example: `steersman plan accounts tenants/prod.yaml`
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
    /// Save the plan; `apply --plan FILE` applies it once
    #[arg(long, value_name = "FILE")]
    save: Option<Utf8PathBuf>,
    #[command(flatten)]
    outputs: OutputArguments,
    /// Exit with 2 if there are changes, with 0 if there are none
    #[arg(long)]
    detailed_exitcode: bool,
}

impl PlanCommand {
    pub(crate) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        self.outputs.check()?;
        let (spec, loaded) = load_spec(&self.spec, &self.tenant, output)?;
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
        let stores = Stores::new(&spec.stores, &crate::environment::search_path());
        let allow = self.guards.allowances();
        let selection = self.selection.selection();
        let tenant = self.tenant_of_saved(session)?;
        let reader = session.reader();
        let unfinished = journals::unfinished(session)?;
        let assessment =
            assess_selected(spec, reader, &stores, &unfinished, &allow, &selection).await?;
        let plan = &assessment.plan;
        refuse_unmatched(plan)?;

        let there = assessment.accounts_there();
        let view = PlanView::new(plan, &there, Some(loaded), |account| {
            next_command(session, spec, account)
        });
        // Write all outputs first, even if the plan cannot be applied.
        let shown = self.outputs.write(plan, &view)?;
        if let Some(text) = shown {
            output.data(&text);
        } else if plan.problems.is_empty() {
            output.data(&self.outputs.terminal(&view));
        }
        refuse_problems(plan, loaded, output)?;
        if !plan.is_applyable() {
            return Err(Failure::Refused(
                "a guard refuses this plan; `steersman apply` would refuse it too".to_owned(),
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
                "saved; run `steersman apply --plan {path}{simulate}` to apply it once"
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

    /// The tenant that a saved plan is bound to.
    fn tenant_of_saved(&self, session: &Session) -> Result<Option<String>, Failure> {
        let tenant = session.identity();
        if self.save.is_some() && tenant.is_none() {
            return Err(Failure::Usage {
                message: "cannot save a plan for a simulated tenant that ends with this command"
                    .to_owned(),
                help: "keep the tenant in a file with `--simulate=FILE`".to_owned(),
            });
        }
        Ok(tenant)
    }
}
