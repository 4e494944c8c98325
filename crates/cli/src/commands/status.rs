//! `steersman status`: prints the stage and next action of each account; read-only.

use crate::arguments::{SpecArguments, TenantArguments};
use crate::assessment::assess;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::journals;
use crate::loading::load_spec;
use crate::output::Output;
use crate::problem_report::refuse_problems;
use crate::session::Session;
use crate::terminal_size;
use applier::Stores;
use clap::Args;
use planner::Allowances;
use render::account_list;

/// Show the stage and next action of each account; read-only
///
/// Example: `steersman status accounts --simulate=tenant.json`
#[derive(Debug, Args)]
pub(crate) struct Status {
    #[command(flatten)]
    spec: SpecArguments,
    #[command(flatten)]
    tenant: TenantArguments,
}

impl Status {
    pub(crate) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let (spec, loaded) = load_spec(&self.spec, &self.tenant, output)?;
        let session = Session::open(&spec, &self.tenant, output).await?;
        let stores = Stores::new(&spec.stores, &crate::environment::search_path());
        let unfinished = journals::unfinished(&session)?;
        let result = assess(
            &spec,
            session.reader(),
            &stores,
            &unfinished,
            &Allowances::default(),
        )
        .await;
        session.close().await?;
        let assessment = result?;
        refuse_problems(&assessment.plan, &loaded, output)?;
        output.data(&account_list(
            &assessment.plan,
            terminal_size::of_terminal(),
        ));
        Ok(if assessment.plan.incomplete.is_empty() {
            Exit::Done
        } else {
            Exit::Unread
        })
    }
}
