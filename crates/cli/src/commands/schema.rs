//! `steersman schema`.

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use clap::{Args, ValueEnum};
use render::plan_document::PlanDocument;
use render::saved_plan::SavedPlan;

/// Print a JSON Schema: of the spec for editors, or of what steersman writes
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// What the schema is of
    #[arg(value_enum, default_value_t = Subject::Spec)]
    of: Subject,
}

/// What there are schemas of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Subject {
    /// The files that steersman reads
    Spec,
    /// What `plan --out json=FILE` writes
    Plan,
    /// What `plan --save FILE` writes
    SavedPlan,
    /// What `validate --format json` prints
    Diagnostics,
}

impl Schema {
    pub(crate) fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let schema = match self.of {
            Subject::Spec => spec::json_schema(),
            Subject::Plan => PlanDocument::schema(),
            Subject::SavedPlan => SavedPlan::schema(),
            Subject::Diagnostics => spec::diagnostics_schema(),
        };
        let text = serde_json::to_string_pretty(&schema).map_err(|error| Failure::Internal {
            message: "cannot write the schema".to_owned(),
            source: Box::new(error),
        })?;
        output.data(&text);
        Ok(Exit::Done)
    }
}
