//! `steersman schema`: prints a JSON Schema.

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::whole_file::{self, Readers};
use camino::{Utf8Path, Utf8PathBuf};
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
/// Example: `steersman schema --output accounts`
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Format that the schema describes
    #[arg(value_enum, default_value_t = Subject::Spec)]
    of: Subject,
    /// Write it to this file, and create its folder; or below a folder
    ///
    /// Example: `--output accounts`
    ///
    /// In a folder, the schema of a spec is schemas/steersman.schema.json, which the files
    /// of `init` and `adopt` name at their top.
    #[arg(long, value_name = "FILE")]
    output: Option<Utf8PathBuf>,
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
        match &self.output {
            Some(path) => {
                let path = self.file(path);
                write(&path, &text)?;
                output.talk(&format!("wrote {path}"));
            }
            None => output.data(&text),
        }
        Ok(Exit::Done)
    }

    /// The file to write, where a folder may be named.
    fn file(&self, path: &Utf8Path) -> Utf8PathBuf {
        if !path.is_dir() {
            return path.to_owned();
        }
        let name = match self.of {
            Subject::Spec => "steersman".to_owned(),
            of => of
                .to_possible_value()
                .map_or_else(String::new, |value| value.get_name().to_owned()),
        };
        path.join("schemas").join(format!("{name}.schema.json"))
    }
}

/// Writes the schema, and creates its folder.
fn write(path: &Utf8Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_str().is_empty()) {
        fs_err::create_dir_all(folder).map_err(|error| Failure::File {
            message: format!("cannot create the folder {folder}"),
            help: None,
            source: Some(Box::new(error)),
        })?;
    }
    let text = format!("{}\n", text.trim_end());
    whole_file::write(path, text.as_bytes(), Readers::Anybody)
}
