//! `steersman plan`: reads the tenant and prints the plan; read-only.

use crate::arguments::{
    GuardArguments, JournalArgument, SelectionArguments, SpecArguments, StoreArguments,
    TenantArguments,
};
use crate::assessment::{Facts, assess_selected};
use crate::caller_notes;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::journals;
use crate::loading::load_spec;
use crate::next_command::next_commands;
use crate::not_read;
use crate::output::Output;
use crate::outputs::{OutputArguments, Shown};
use crate::plan_redaction;
use crate::problem_report::refuse_problems;
use crate::saved_plan;
use crate::selection_report::refuse_unmatched;
use crate::session::Session;
use crate::stores;
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use model::{Problem, Spec, Unasked};
use render::diagnostics::Diagnostics;
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
    stores: StoreArguments,
    #[command(flatten)]
    guards: GuardArguments,
    #[command(flatten)]
    selection: SelectionArguments,
    #[command(flatten)]
    journal: JournalArgument,
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
        not_read::show(&loaded, output);
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
        let stores = stores::open_to_plan(spec, session, self.stores);
        let allow = self.guards.allowances();
        let selection = self.selection.selection();
        let tenant = self.tenant_of_saved(session)?;
        let reader = session.reader();
        let facts = Facts {
            stores: &stores,
            earlier: &journals::earlier(session, self.journal.path(), output)?,
            unasked: Unasked::Assumed,
            settled: Facts::NOTHING_SETTLED,
        };
        let mut assessment = assess_selected(spec, reader, facts, &allow, &selection).await?;
        caller_notes::show(&assessment.live, session, output);
        stores::show_notices(&stores, output);
        stores::show_left_out(&stores, self.stores, output);
        if session.is_embedded() {
            // The address of a simulated tenant changes with each command.
            assessment.plan.tenant = session.tenant_name();
        }
        let plan = &assessment.plan;
        refuse_unmatched(plan)?;

        let there = assessment.accounts_there();
        let redactor = plan_redaction::of_plan();
        let view = PlanView::new(
            plan,
            &there,
            Some(loaded),
            |account| next_commands(session, spec, output.completion(), account),
            &redactor,
        )
        .calling_tenant(&session.tenant_name())
        .hiding_waiting(self.outputs.hide_waiting)
        .with_commands(output.completion());
        plan_redaction::refuse_repeated(plan, &redactor)?;
        plan_redaction::warn_of_replaced(&redactor, output);
        // Write all outputs first, even if the plan cannot be applied.
        let diagnostics = Diagnostics::of_files(loaded, &redactor).with_tenant(&plan.problems);
        match self
            .outputs
            .write(plan, &view, &diagnostics, &redactor, output.completion())?
        {
            Some(Shown::Text(text)) => output.data(&text),
            Some(Shown::Annotations(annotations)) => output.annotate(&annotations),
            Some(Shown::Document(document)) => output.document(&document),
            None if !plan.problems.iter().any(Problem::refuses_plan) => {
                // They follow, with the lines of the files.
                let text = self
                    .outputs
                    .terminal(&view.without_problems(), output.completion());
                output.data(&plan_redaction::finished(&text, plan, &redactor)?);
            }
            None => {}
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
            let digest = saved_plan::write(path, plan, binding)?;
            output.talk(&format!(
                "saved; to apply it once, run\n  {}\nplan digest: {digest}",
                self.apply_command(path)
            ));
        }
        if !plan.incomplete.is_empty() {
            return Ok(Exit::of_partial_read(plan.incomplete.values()));
        }
        if plan.has_blocking_problem() && plan.is_empty() {
            return Err(Failure::Problems(
                "nothing can be applied before the problems at this tenant are fixed".to_owned(),
            ));
        }
        Ok(if self.detailed_exitcode && !plan.is_empty() {
            Exit::Changes
        } else {
            Exit::Done
        })
    }

    /// The command that applies the saved plan, for copying.
    fn apply_command(&self, saved: &Utf8Path) -> String {
        let mut words = vec!["steersman".to_owned(), "apply".to_owned()];
        words.extend(self.spec.given.iter().map(ToString::to_string));
        let selection = self.selection.selection();
        for (flag, patterns) in [
            ("--only", selection.only()),
            ("--except", selection.except()),
        ] {
            for pattern in patterns {
                words.extend([flag.to_owned(), pattern.to_string()]);
            }
        }
        for (guard, count) in &self.guards.allowed {
            words.extend(["--allow".to_owned(), format!("{guard}={count}")]);
        }
        words.extend(["--plan".to_owned(), saved.to_string()]);
        if let Some(state) = &self.tenant.simulate {
            words.push(format!("--simulate={state}"));
        }
        let words: Vec<String> = words.iter().map(|word| for_shell(word)).collect();
        words.join(" ")
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

/// A word as a shell takes it for one word.
fn for_shell(word: &str) -> String {
    let is_plain =
        |character: char| character.is_ascii_alphanumeric() || "-_./=:@%+,".contains(character);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
