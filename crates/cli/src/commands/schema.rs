//! `steersman schema`: prints a JSON Schema.

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use clap::{Args, ValueEnum};
use render::apply_report::{ApplyReport, EventLine, Record};
use render::doctor::DoctorDocument;
use render::drift::DriftReport;
use render::inventory::InventoryDocument;
use render::notice::NoticeDocument;
use render::plan_document::PlanDocument;
use render::saved_plan::SavedPlan;
use render::token_list::TokenListDocument;

/// Print the JSON Schema of the spec or of an output format
///
/// Example: `steersman schema spec > schemas/steersman.schema.json`
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Format that the schema describes
    #[arg(value_enum, default_value_t = Subject::Spec)]
    of: Subject,
}

/// A format that has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Subject {
    /// The YAML files of a spec
    Spec,
    /// The plan that `plan --out json=FILE` writes
    Plan,
    /// The saved plan that `plan --save FILE` writes
    SavedPlan,
    /// The report that `apply --format json` prints
    Apply,
    /// A line of the file that `apply --events FILE` writes
    Events,
    /// The record that `--record FILE` of `apply` and `drift` writes
    Record,
    /// The report that `drift --format json` prints
    Drift,
    /// The notice that a webhook gets
    Notice,
    /// The tokens that `token list --format json` prints
    Tokens,
    /// The inventory that `report --format json` prints
    Report,
    /// The checks that `doctor --format json` prints
    Doctor,
    /// The status that `status --format json` prints
    Status,
    /// The diagnostics that `validate --format json` prints
    Diagnostics,
}

impl Schema {
    pub(crate) fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let schema = match self.of {
            Subject::Spec => spec::json_schema(),
            Subject::Plan => PlanDocument::schema(),
            Subject::SavedPlan => SavedPlan::schema(),
            Subject::Apply => ApplyReport::schema(),
            Subject::Events => EventLine::schema(),
            Subject::Drift => DriftReport::schema(),
            Subject::Record => Record::schema(),
            Subject::Notice => NoticeDocument::schema(),
            Subject::Tokens => TokenListDocument::schema(),
            Subject::Report => InventoryDocument::schema(),
            Subject::Doctor => DoctorDocument::schema(),
            Subject::Status => render::StatusDocument::schema(),
            Subject::Diagnostics => spec::diagnostics_schema(),
        };
        let text = render::json_text(&schema).map_err(|error| Failure::Internal {
            message: "cannot write the schema".to_owned(),
            source: Box::new(error),
        })?;
        output.data(&text);
        Ok(Exit::Done)
    }
}
