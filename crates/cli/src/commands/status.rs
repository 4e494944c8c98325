//! `steersman status`: prints the stage and next action of each account; read-only.

use crate::arguments::{CommandArguments, JournalArgument, SpecArguments, TenantArguments};
use crate::assessment::{Facts, assess};
use crate::caller_notes;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::journals;
use crate::loading::load_spec;
use crate::output::Output;
use crate::plan_redaction;
use crate::problem_report::refuse_problems;
use crate::session::Session;
use crate::stores;
use crate::terminal_size;
use clap::Args;
use model::Unasked;
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
    #[command(flatten)]
    commands: CommandArguments,
    #[command(flatten)]
    journal: JournalArgument,
}

impl Status {
    pub(crate) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let (spec, loaded) = load_spec(&self.spec, &self.tenant, output)?;
        let session = Session::open(&spec, &self.tenant, output).await?;
        let stores = stores::open(&spec, &session, self.commands);
        let facts = Facts {
            stores: &stores,
            earlier: &journals::earlier(&session, self.journal.path(), output)?,
            unasked: Unasked::Assumed,
            settled: Facts::NOTHING_SETTLED,
        };
        let result = assess(&spec, session.reader(), facts, &Allowances::default()).await;
        if let Ok(assessment) = &result {
            caller_notes::show(&assessment.live, &session, output);
        }
        session.close().await?;
        let assessment = result?;
        stores::show_notices(&stores, output);
        stores::show_not_asked(&stores, output);
        refuse_problems(&assessment.plan, &loaded, output)?;
        let redactor = plan_redaction::of_plan();
        let width = terminal_size::of_terminal();
        let list = account_list(&assessment.plan, width, &redactor);
        output.data(&plan_redaction::finished(
            &list,
            &assessment.plan,
            &redactor,
        )?);
        Ok(if assessment.plan.incomplete.is_empty() {
            if assessment.plan.has_blocking_problem() {
                Exit::Error
            } else {
                Exit::Done
            }
        } else {
            Exit::of_partial_read(assessment.plan.incomplete.values())
        })
    }
}
